/** The messages as they stand on the screen. Text is only ever put in as text. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { say } from "./config";
import type { Conversation } from "./conversation";
import * as icons from "./icons";
import { linked } from "./linked";
import type { Entry } from "./outbox";
import { about, picture } from "./pictures";
import type { Config, Shown } from "./types";

/** What drawing a message needs to know. */
export interface Scene {
  config: Config;
  origin: string;
  talk: Conversation;
}

type Line =
  | { kind: "day"; key: string; at: Date }
  | { kind: "stored"; key: string; message: Shown; first: boolean; last: boolean }
  | { kind: "entry"; key: string; entry: Entry };

/** Both sides' messages, then what is on its way; a heading wherever the day changes. */
export function messages(scene: Scene): TemplateResult {
  const lines: Line[] = [];
  const said = scene.talk.messages;
  said.forEach((message, place) => {
    const at = new Date(message.at);
    const [before, after] = [said[place - 1], said[place + 1]];
    const day = at.toDateString();
    if (!before || new Date(before.at).toDateString() !== day) lines.push({ kind: "day", key: day, at });
    const [first, last] = [!together(before, message), !together(message, after)];
    lines.push({ kind: "stored", key: message.client_id ?? message.id, message, first, last });
  });
  for (const entry of scene.talk.entries) lines.push({ kind: "entry", key: entry.client_id, entry });
  return html`<ol>
    ${repeat(
      lines,
      (line) => line.key,
      (line) => drawn(scene, line),
    )}
  </ol>`;
}

/** Whether two messages were said in one breath: then the name and the time are shown once, and read out each time. */
function together(one: Shown | undefined, next: Shown | undefined): boolean {
  return one !== undefined && one.from === next?.from && one.at.slice(0, 16) === next.at.slice(0, 16);
}

/** Text with the clinic's numbers to dial. */
export function worded(text: string, { config, origin }: Scene): (TemplateResult | string)[] {
  return linked(text, config, origin).map((piece) =>
    piece.href === null
      ? piece.text
      : html`<a href=${piece.href} target=${piece.href.startsWith("tel:") ? nothing : "_blank"} rel="noopener"
          >${piece.text}</a
        >`,
  );
}

function drawn(scene: Scene, line: Line): TemplateResult {
  if (line.kind === "day") return html`<li class="day">${dayName(line.at, scene.config)}</li>`;
  return line.kind === "stored" ? stored(scene, line.message, line) : underway(scene, line.entry);
}

function stored(scene: Scene, message: Shown, { first, last }: { first: boolean; last: boolean }): TemplateResult {
  const { config } = scene;
  const { from, urgent: alarm } = message;
  const own = from === "patient";
  const who = message.name ? `${message.name} · ${say(config, from)}` : say(config, own ? "you" : from);
  return html`<li class="message ${from} ${alarm ? "urgent" : ""}" data-seq=${message.seq}>
    <span class="who ${first || alarm ? "" : "unseen"}"
      >${from === "staff" ? icons.person : nothing}${alarm ? `${say(config, "urgent")} · ${who}` : who}</span
    >
    ${message.photo ? photo(scene, message) : nothing}
    ${message.text ? words(scene, message.text, message.language) : nothing} ${image(scene, message)}
    <span class="foot ${last ? "" : "unseen"}"
      >${clock(new Date(message.at), config)}${own ? html`<span>${say(config, "sent")}</span>` : nothing}</span
    >
  </li>`;
}

function underway(scene: Scene, entry: Entry): TemplateResult {
  const { config, talk } = scene;
  const t = (key: string): string => say(config, key);
  const waiting = entry.state === "waiting" || talk.away;
  const part = talk.progress.get(entry.client_id);
  return html`<li class="message patient">
    <span class="who">${t("you")}</span>
    ${entry.photo ? (talk.previews.get(entry.client_id) ?? html`<p class="words">${t("photo_sent")}</p>`) : nothing}
    ${entry.text ? words(scene, entry.text) : nothing}
    <span class="foot">
      ${part === undefined || part >= 1 ? nothing : progress(part, t("photo_progress"))}
      ${
        entry.state === "failed"
          ? html`<strong>${t("failed")}</strong>`
          : html`<span>${t(waiting ? "waiting" : "sending")}</span>`
      }
      ${
        entry.state === "failed" || waiting
          ? html`<button type="button" class="plain" @click=${() => talk.retry(entry.client_id)}>${t("retry")}</button>`
          : nothing
      }
      ${
        entry.state === "failed"
          ? html`<button type="button" class="plain" @click=${() => talk.discard(entry.client_id)}>
              ${t("discard")}
            </button>`
          : nothing
      }
    </span>
  </li>`;
}

/** What the assistant says has a language of its own, whatever the one around it. */
function words(scene: Scene, text: string, language: string | null = null): TemplateResult {
  return html`<p class="words" lang=${language ?? nothing}>${worded(text, scene)}</p>`;
}

function progress(part: number, label: string): TemplateResult {
  return html`<progress max="1" .value=${part} aria-label=${label}></progress>`;
}

function photo({ config, talk }: Scene, message: Shown): TemplateResult | HTMLCanvasElement {
  const known = message.client_id ? talk.previews.get(message.client_id) : undefined;
  return (
    known ??
    html`<p class="words">${say(config, message.photo?.state === "refused" ? "photo_refused" : "photo_stored")}</p>`
  );
}

function image({ config, origin }: Scene, message: Shown): TemplateResult | typeof nothing {
  const source = picture(message.image, origin);
  if (!source || !message.image) return nothing;
  return html`<a class="part" href=${about(message.image, origin, config.language)} target="_blank" rel="noopener"
    ><img src=${source} alt="" /><span>${say(config, "about_part")}</span></a
  >`;
}

function clock(at: Date, { language }: Config): TemplateResult {
  const time = new Intl.DateTimeFormat(language, { hour: "numeric", minute: "2-digit" }).format(at);
  return html`<time datetime=${at.toISOString()}>${time}</time>`;
}

function dayName(at: Date, config: Config): string {
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (at.toDateString() === today.toDateString()) return say(config, "today");
  if (at.toDateString() === yesterday.toDateString()) return say(config, "yesterday");
  return new Intl.DateTimeFormat(config.language, { weekday: "long", day: "numeric", month: "long" }).format(at);
}
