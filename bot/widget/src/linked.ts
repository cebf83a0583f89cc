/** What a text becomes on the screen: plain text, the clinic's numbers to dial, our own pages to open. Never markup. */

import { telephone } from "./config";
import type { Config } from "./types";

export interface Piece {
  text: string;
  href: string | null;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** Cut `text` at the clinic's own numbers and at addresses of `/parts` at `origin`; nothing else becomes a link. */
export function linked(
  text: string,
  { clinic, language }: Pick<Config, "clinic" | "language">,
  origin: string,
): Piece[] {
  const numbers = [clinic.phone, clinic.oncall_phone, clinic.emergency_number, clinic.crisis_line];
  const number = numbers
    .sort((one, other) => other.length - one.length)
    .map(escaped)
    .join("|");
  // the character before is taken along: looking behind is unknown to older iPhones
  const links = new RegExp(
    `(^|[^\\w.-])(?:(${number})(?![\\w-]|\\.\\d)|(?:${escaped(origin)})?/parts(#[a-z0-9-]+)?(?![\\w/-]))`,
    "g",
  );
  const pieces: Piece[] = [];
  let done = 0;
  for (let found = links.exec(text); found; found = links.exec(text)) {
    const [whole, before = "", dial, part = ""] = found;
    const start = found.index + before.length;
    if (start > done) pieces.push({ text: text.slice(done, start), href: null });
    done = found.index + whole.length;
    pieces.push({
      text: text.slice(start, done),
      href: dial ? telephone(dial) : `${origin}/parts?lang=${language}${part}`,
    });
  }
  if (done < text.length) pieces.push({ text: text.slice(done), href: null });
  return pieces;
}
