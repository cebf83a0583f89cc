/** Who is typing now. */

import type { Sender } from "./types";

/** A typing sign whose end was lost is taken down after this long. */
const LONGEST = 20_000;

export class Typists {
  private readonly timers = new Map<Sender, ReturnType<typeof setTimeout>>();

  constructor(private readonly changed: () => void) {}

  has(who: Sender): boolean {
    return this.timers.has(who);
  }

  set(who: Sender, on: boolean): void {
    clearTimeout(this.timers.get(who));
    this.timers.delete(who);
    if (on)
      this.timers.set(
        who,
        setTimeout(() => this.set(who, false), LONGEST),
      );
    this.changed();
  }

  clear(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }
}
