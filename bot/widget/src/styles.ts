/** What every part of the panel shares. Sizes are in em of the panel, whose size follows the reader's setting. */

import { css } from "lit";

export const base = css`
  :host { display: block; }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  :where(button, a.button) { display: inline-flex; align-items: center; justify-content: center; gap: .4em; min-height: 44px; min-width: 44px; margin: 0;
    padding: .45em .8em; font: inherit; line-height: 1.25; text-align: center; text-decoration: none; border-radius: .8em; border: 1px solid transparent;
    cursor: pointer; -webkit-tap-highlight-color: transparent; }
  .main { background: var(--accent); color: var(--accent-ink); border-color: var(--line); font-weight: 600; }
  .plain { background: var(--back); color: var(--ink); border-color: var(--line); }
  .alarm { background: var(--alarm); color: var(--back); font-weight: 600; }
  .square { padding: 0; }
  .icon { flex: none; width: 1.25em; height: 1.25em; }
  @media (hover: hover) {
    button:hover, a.button:hover { text-decoration: underline; }
    .square:hover, .send:hover { box-shadow: 0 0 0 2px var(--line); }
  }
  :focus { outline: none; }
  :focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; }
  @media (forced-colors: active) { :focus-visible { outline-color: Highlight; } }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
`;

export const panel = css`
  dialog { --back: #ffffff; --ink: #14242b; --muted: #4a5c65; --line: #7d9099; --bubble: #edf3f5; --alarm: #a3161b; --alarm-back: #fdeceb; --alarm-ink: #4d0a0c;
    --focus: #0b57d0; --shade: rgb(0 0 0 / .28);
    position: fixed; inset: auto; bottom: calc(var(--clinic-chat-bottom, 20px) + 72px); right: var(--clinic-chat-side, 20px);
    width: min(25em, calc(100vw - 2 * var(--clinic-chat-side, 20px))); height: min(42em, calc(100vh - var(--clinic-chat-bottom, 20px) - 92px));
    height: min(42em, calc(100dvh - var(--clinic-chat-bottom, 20px) - 92px)); max-width: none; max-height: none; margin: 0; padding: 0;
    flex-direction: column; overflow: hidden auto; overscroll-behavior: contain; border: 1px solid var(--line); border-radius: 1em; background: var(--back);
    color: var(--ink); box-shadow: 0 12px 40px var(--shade); color-scheme: light; text-align: start; }
  dialog[open] { display: flex; animation: rise .18s ease-out; }
  dialog::backdrop { background: none; }
  @media (prefers-color-scheme: dark) {
    dialog { --back: #131b20; --ink: #e9f0f3; --muted: #aabbc3; --line: #6f838d; --bubble: #212d34; --alarm: #ffb3ae; --alarm-back: #3d1416; --alarm-ink: #ffe1de;
      --focus: #9cc7ff; --shade: rgb(0 0 0 / .6); color-scheme: dark; }
  }
  @keyframes rise { from { opacity: 0; transform: translateY(8px); } }

  header { flex: none; border-bottom: 1px solid var(--line); }
  .title { display: flex; align-items: center; gap: .5em; padding: .35em .35em .35em .8em; background: var(--accent); color: var(--accent-ink); }
  .title h2 { flex: 1; min-width: 0; margin: 0; font-size: 1.0625em; line-height: 1.25; font-weight: 600; overflow-wrap: anywhere; }
  .title img { height: 2em; width: 2em; object-fit: contain; border-radius: .3em; }
  .title button { background: none; color: inherit; flex: none; }
  .title :focus-visible { outline-color: currentColor; outline-offset: -4px; }
  .notice { margin: 0; padding: .5em .8em 0; font-size: .9375em; line-height: 1.35; }
  .notice a { font-weight: 700; display: inline-block; min-width: 24px; min-height: 24px; }
  .reach { display: flex; flex-wrap: wrap; gap: .5em; padding: .5em .8em .6em; }
  .reach > * { flex: 1 1 9em; font-size: .9375em; font-weight: 600; }
  .reach small { display: block; font-weight: 400; font-size: .875em; }

  .log { flex: 1 1 auto; min-height: 7em; overflow-y: auto; overscroll-behavior: contain; padding: .5em .8em; scroll-padding: .5em; }
  .log:focus-visible { outline-offset: -3px; }
  ol { list-style: none; margin: 0; padding: 0; display: flex; flex-direction: column; gap: .55em; }
  .day { align-self: center; color: var(--muted); font-size: .8125em; }
  .message { max-width: 88%; align-self: flex-start; }
  .message.patient { align-self: flex-end; }
  .who { display: block; margin: 0 .3em .15em; color: var(--muted); font-size: .8125em; }
  .patient .who { text-align: end; }
  .words { margin: 0; padding: .55em .8em; border-radius: .9em; border-start-start-radius: .2em; background: var(--bubble); color: var(--ink);
    border: 1px solid transparent; white-space: pre-wrap; overflow-wrap: anywhere; line-height: 1.42; }
  .patient .words { background: var(--accent); color: var(--accent-ink); border-start-start-radius: .9em; border-start-end-radius: .2em; }
  .urgent .words { background: var(--alarm-back); color: var(--alarm-ink); border: 2px solid var(--alarm); }
  .urgent .who { color: var(--alarm); font-weight: 700; }
  .words a, .notice a { color: inherit; text-decoration: underline; text-underline-offset: .15em; }
  .words a, .status a { display: inline-block; min-width: 24px; min-height: 24px; }
  .part { display: flex; align-items: center; gap: .6em; margin-top: .3em; padding: .5em; border: 1px solid var(--line); border-radius: .9em; color: inherit; min-height: 44px; }
  .part img { width: 6em; height: 6em; object-fit: contain; flex: none; }
  .message canvas { display: block; max-width: 100%; max-height: 12em; border-radius: .9em; margin-left: auto; margin-bottom: .2em; border: 1px solid var(--line); }
  .foot { display: flex; flex-wrap: wrap; justify-content: flex-end; align-items: center; gap: .5em; margin: .2em .3em 0; font-size: .8125em; color: var(--muted); }
  .foot strong { color: var(--alarm); }
  .message:not(.patient) .foot { justify-content: flex-start; }
  progress { width: 6em; accent-color: var(--accent); }

  .typing { display: flex; gap: .3em; align-items: center; width: fit-content; margin-top: .55em; padding: .7em .8em; border-radius: .9em; background: var(--bubble); }
  .typing i { width: .5em; height: .5em; border-radius: 50%; background: var(--muted); border: 1px solid transparent; animation: nod 1.2s infinite ease-in-out; }
  .typing i:nth-of-type(2) { animation-delay: .15s; }
  .typing i:nth-of-type(3) { animation-delay: .3s; }
  @keyframes nod { 0%, 60%, 100% { opacity: .35; } 30% { opacity: 1; } }

  .newest { position: sticky; bottom: 0; left: 100%; display: flex; width: 44px; margin-top: -44px; border-radius: 50%; padding: 0; }
  .replies { flex: none; display: flex; flex-wrap: wrap; gap: .5em; padding: .1em .8em .6em; max-height: 40%; overflow-y: auto; }
  clinic-chat-picker { flex: none; padding: .1em .8em .6em; }
  .status { flex: none; margin: 0; padding: 0 .8em .5em; font-size: .875em; line-height: 1.35; color: var(--muted); }
  .status.trouble { color: var(--alarm); font-weight: 600; }
  .status a { color: inherit; }
  .status:empty { padding: 0; } /* but there: a live region must be, before it speaks */
  .over { padding: 1em .8em; text-align: center; }
  clinic-chat-composer { flex: none; position: sticky; bottom: 0; background: var(--back); }

  @media (max-width: 30em), (max-height: 27em) {
    dialog { inset: var(--top, 0px) 0 auto 0; width: 100%; height: 100vh; height: var(--height, 100dvh); border: 0; border-radius: 0;
      padding: env(safe-area-inset-top) env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left); }
  }
  @media (prefers-reduced-motion: reduce) { *, dialog[open] { animation: none !important; scroll-behavior: auto !important; } }
`;
