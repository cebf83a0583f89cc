/** Drawings for buttons; each button also has words. */

import { html, svg, type TemplateResult } from "lit";

function icon(path: TemplateResult): TemplateResult {
  return html`<svg
    class="icon"
    viewBox="0 0 24 24"
    width="20"
    height="20"
    aria-hidden="true"
    focusable="false"
    fill="none"
    stroke="currentColor"
    stroke-width="2"
    stroke-linecap="round"
    stroke-linejoin="round"
  >
    ${path}
  </svg>`;
}

export const phone = icon(
  svg`<path d="M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A15 15 0 0 1 3 6a2 2 0 0 1 2-2"/>`,
);
export const person = icon(svg`<circle cx="12" cy="8" r="4"/><path d="M4 21c0-4 4-6 8-6s8 2 8 6"/>`);
export const close = icon(svg`<path d="M6 6l12 12M18 6L6 18"/>`);
export const more = icon(svg`<path d="M5 12h.01M12 12h.01M19 12h.01" stroke-width="3"/>`);
export const send = icon(svg`<path d="M4 12l16-8-6 16-3-6z"/>`);
export const camera = icon(svg`<path d="M4 8h3l2-3h6l2 3h3v11H4z"/><circle cx="12" cy="13" r="3.5"/>`);
export const down = icon(svg`<path d="M12 5v14M6 13l6 6 6-6"/>`);
export const file = icon(svg`<path d="M12 4v11M7 11l5 5 5-5M5 20h14"/>`);
export const bin = icon(svg`<path d="M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13"/>`);
