/** Messages on their way: in order, one after the other, again and again until each is stored. */

import { Refused } from "./api";
import { Backoff, Pause } from "./backoff";

export interface Entry {
  client_id: string;
  text: string;
  photo: Blob | null;
  state: "sending" | "waiting" | "failed";
  /** The text key of why it failed or waits; the seconds to the next try, at least 2 ("1 seconds"). */
  reason: string | null;
  seconds: number;
}

/** The part of `sessionStorage` that is used. */
export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

type Outcome = { done: true } | { done: false; wait: number; reason: string } | { done: false; failed: string };

/**
 * `send` ends when the gateway has answered. An entry leaves as soon as it is known to be stored: the next goes without
 * waiting for that answer, so that a red flag in it is not held up.
 */
export class Outbox {
  readonly entries: Entry[] = [];
  private readonly backoff: Backoff;
  private readonly pause = new Pause();
  private readonly stored = new Map<string, () => void>();
  private running = false;

  constructor(
    private readonly send: (entry: Entry) => Promise<void>,
    private readonly changed: () => void,
    private readonly shelf: Shelf | null,
    private readonly key: string,
    random: () => number = Math.random,
  ) {
    this.backoff = new Backoff(1_000, 30_000, random);
    for (const { client_id, text } of this.read()) {
      this.entries.push({ client_id, text, photo: null, state: "waiting", reason: null, seconds: 0 });
    }
  }

  add(client_id: string, text: string, photo: Blob | null): void {
    const state = this.entries.some((entry) => entry.state === "waiting") ? "waiting" : "sending";
    this.entries.push({ client_id, text, photo, state, reason: null, seconds: 0 });
    this.update();
    this.go();
  }

  /** Send what waits now; with a `client_id`, also that one, though it failed. */
  go(client_id?: string): void {
    for (const entry of this.entries) if (entry.client_id === client_id) entry.state = "waiting";
    this.pause.end();
    void this.run();
  }

  /** The gateway is known to have it (its answer, or it came back over the stream). */
  settle(client_id: string): void {
    this.stored.get(client_id)?.();
    this.remove(client_id);
  }

  remove(client_id: string): void {
    const at = this.entries.findIndex((entry) => entry.client_id === client_id);
    if (at >= 0) this.entries.splice(at, 1);
    this.update();
  }

  clear(): void {
    this.entries.length = 0;
    this.update();
  }

  private async run(): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      for (let entry = this.next(); entry; entry = this.next()) {
        entry.state = "sending";
        this.changed();
        const outcome = await this.attempt(entry);
        if (outcome.done) {
          this.backoff.reset();
          this.remove(entry.client_id);
        } else if ("failed" in outcome) {
          Object.assign(entry, { state: "failed", reason: outcome.failed });
          this.update();
        } else {
          for (const other of this.entries) if (other.state === "sending") other.state = "waiting"; // behind this one
          Object.assign(entry, { reason: outcome.reason, seconds: Math.max(2, Math.ceil(outcome.wait / 1_000)) });
          this.update();
          await this.pause.wait(outcome.wait);
        }
      }
    } finally {
      this.running = false;
    }
  }

  private next(): Entry | undefined {
    return this.entries.find((entry) => entry.state !== "failed");
  }

  private async attempt(entry: Entry): Promise<Outcome> {
    const stored = new Promise<Outcome>((resolve) => {
      this.stored.set(entry.client_id, () => resolve({ done: true }));
    });
    const sent = this.send(entry).then(
      (): Outcome => ({ done: true }),
      (problem: unknown) => this.judge(entry, problem),
    );
    const outcome = await Promise.race([stored, sent]);
    this.stored.delete(entry.client_id);
    return outcome;
  }

  private judge(entry: Entry, problem: unknown): Outcome {
    if (problem instanceof Refused) {
      const { status, after, gone } = problem;
      if (status === 429) return { done: false, wait: 1_000 * after, reason: "too_many" };
      if (status < 500 && status !== 408 && !gone) {
        const photo = status === 413 ? "photo_too_large" : "photo_unreadable";
        return { done: false, failed: entry.photo ? photo : "refused" };
      }
    }
    return { done: false, wait: this.backoff.next(), reason: "trouble" };
  }

  private update(): void {
    this.write();
    this.changed();
  }

  // Words not yet delivered are kept, for this tab alone and until they are: a reload without a line loses nothing.
  // Photos are not: they would fill the shelf.
  private write(): void {
    const waiting = this.entries
      .filter((entry) => entry.text && !entry.photo)
      .map(({ client_id, text }) => ({ client_id, text }));
    try {
      if (waiting.length) this.shelf?.setItem(this.key, JSON.stringify(waiting));
      else this.shelf?.removeItem(this.key);
    } catch {
      // storage refused: memory has it
    }
  }

  private read(): { client_id: string; text: string }[] {
    try {
      return JSON.parse(this.shelf?.getItem(this.key) ?? "[]") as { client_id: string; text: string }[];
    } catch {
      return [];
    }
  }
}
