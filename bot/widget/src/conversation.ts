/** One conversation on this device: what was said, what is on its way, what the screen should know. No drawing here. */

import { type Api, Refused } from "./api";
import { Backoff, Pause } from "./backoff";
import type { Keep } from "./keep";
import { type Entry, Outbox } from "./outbox";
import { Stream } from "./stream";
import type { PhotoNews, Receipt, Sender, Shown, State, Talk } from "./types";
import { Typists } from "./typists";

export interface Watcher {
  /** Something to draw anew. */
  changed(): void;
  /** A message of the other side came just now (not history). */
  arrived(message: Shown): void;
}

function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function tabShelf(): Storage | null {
  try {
    return sessionStorage;
  } catch {
    return null; // a browser that refuses even to be asked
  }
}

export class Conversation {
  phase: "starting" | "ready" | "deleted" = "starting";
  handed = false;
  takenOver = false;
  /** The gateway cannot be reached. */
  away = false;
  /** The earlier conversation was gone, this is a new one. */
  renewed = false;
  readonly previews = new Map<string, HTMLCanvasElement>();
  readonly progress = new Map<string, number>();

  private readonly stored = new Map<string, Shown>();
  private readonly outbox: Outbox;
  private readonly stream: Stream;
  private readonly typists: Typists;
  private readonly unanswered = new Set<string>();
  private readonly pause = new Pause();
  private heard = 0;
  private reading = false;
  private ready: Promise<void> = Promise.resolve();
  private round = 0;

  constructor(
    private readonly api: Api,
    private readonly keep: Keep,
    private readonly watcher: Watcher,
    private readonly language: () => string,
  ) {
    this.outbox = new Outbox(
      (entry) => this.deliver(entry),
      () => watcher.changed(),
      tabShelf(),
      `clinic-chat:${keep.clinic}:outbox`,
    );
    this.typists = new Typists(() => watcher.changed());
    this.stream = new Stream(api, {
      heard: () => this.heard,
      message: (shown) => this.hear([shown], true),
      typing: ({ from, on }) => this.typists.set(from, on),
      state: (state) => this.tell(state),
      photo: (news) => this.develop(news),
      ask: () => this.ask(),
      gone: () => void this.renew(this.keep.get("token")).catch(() => undefined),
    });
    keep.watch("token", () => this.follow());
    keep.watch("seen", () => watcher.changed());
    window.addEventListener("online", () => this.nudge());
    window.addEventListener("offline", () => watcher.changed());
    document.addEventListener("visibilitychange", () => this.listen());
  }

  /** What was said, in order, the earliest first. */
  get messages(): Shown[] {
    return [...this.stored.values()].sort((one, other) => one.seq - other.seq);
  }

  /** What is on its way. */
  get entries(): readonly Entry[] {
    return this.outbox.entries.filter((entry) => !this.has(entry.client_id));
  }

  /** How many messages of the other side nobody on this device has had before their eyes. */
  get unread(): number {
    const seen = Number(this.keep.get("seen") ?? 0);
    return [...this.stored.values()].filter(({ seq, from }) => seq > seen && from !== "patient").length;
  }

  /** Who is typing: a person goes before the machine. */
  get typist(): Sender | null {
    if (this.typists.has("staff")) return "staff";
    return this.typists.has("assistant") || this.unanswered.size > 0 ? "assistant" : null;
  }

  /** Begin, or go on where this device left. */
  start(): void {
    this.stream.stop();
    this.phase = "starting";
    this.ready = this.open(++this.round);
    this.outbox.go();
  }

  say(text: string, photo: Blob | null = null, preview: HTMLCanvasElement | null = null): void {
    const client_id = newId();
    if (preview) this.previews.set(client_id, preview);
    this.outbox.add(client_id, text, photo);
  }

  retry(client_id: string): void {
    this.pause.end();
    this.outbox.go(client_id);
  }

  discard(client_id: string): void {
    this.previews.delete(client_id);
    this.outbox.remove(client_id);
  }

  transcript(): Promise<Blob> {
    return this.api.transcript();
  }

  /** Delete it here and at the clinic. */
  async remove(): Promise<void> {
    try {
      await this.api.remove();
    } catch (problem) {
      if (!(problem instanceof Refused && problem.gone)) throw problem;
    }
    this.keep.drop("token");
    this.outbox.clear();
    this.end();
  }

  /** Whether the patient has the talk before their eyes: then nothing is unread. */
  read(reading: boolean): void {
    this.reading = reading;
    if (!reading || !this.stored.size) return;
    this.keep.set("seen", String(Math.max(0, ...[...this.stored.values()].map(({ seq }) => seq))));
  }

  private async open(round: number): Promise<void> {
    const backoff = new Backoff();
    while (round === this.round) {
      try {
        const token = this.keep.get("token");
        if (token) await this.load();
        else await this.begin();
        if (round !== this.round) return;
        this.phase = "ready";
        this.listen();
        return this.watcher.changed();
      } catch (problem) {
        if (problem instanceof Refused && problem.gone) {
          this.keep.drop("token");
          this.renewed = true;
          continue;
        }
        this.trouble(true);
        await this.pause.wait(
          problem instanceof Refused && problem.status === 429 ? 1_000 * problem.after : backoff.next(),
        );
      }
    }
  }

  private async load(): Promise<void> {
    const talk = await this.api.after(0);
    this.hear(talk.messages, false);
    this.settled(talk);
    if (this.reading) this.read(true);
  }

  private async begin(): Promise<void> {
    const started = await this.api.begin(this.language());
    this.forget();
    this.keep.drop("seen"); // numbers begin anew
    this.keep.set("token", started.token);
    this.hear(started.messages, false);
    this.settled(started);
    this.read(this.reading);
  }

  private async ask(): Promise<void> {
    try {
      const talk = await this.api.after(this.heard);
      this.hear(talk.messages, true);
      this.settled(talk);
    } catch (problem) {
      if (!(problem instanceof Refused)) this.trouble(true);
      throw problem;
    }
  }

  private async deliver(entry: Entry): Promise<void> {
    await this.ready;
    const token = this.keep.get("token");
    try {
      await this.post(entry);
    } catch (problem) {
      if (this.phase === "deleted" || !(problem instanceof Refused && problem.gone)) throw problem;
      await this.renew(token);
      await this.post(entry);
    }
  }

  private async post(entry: Entry): Promise<void> {
    const { client_id, text, photo } = entry;
    const round = this.round;
    try {
      const receipt: Receipt = photo
        ? await this.api.photo(photo, text, client_id, (part) => {
            this.progress.set(client_id, part);
            this.watcher.changed();
          })
        : await this.api.send(text, client_id);
      if (round !== this.round) return;
      this.unanswered.delete(client_id);
      const own: Shown = {
        id: receipt.message_id,
        seq: receipt.seq,
        text,
        buttons: [],
        at: new Date().toISOString(),
        from: "patient",
        client_id,
        photo: photo ? { state: "stored" } : null,
        urgent: false,
        language: null,
        name: null,
      };
      if (!this.has(client_id)) this.add(own, false);
      receipt.replies.forEach((reply) => this.add(reply, true));
      this.settled(receipt);
    } finally {
      this.unanswered.delete(client_id);
      this.progress.delete(client_id);
      this.watcher.changed();
    }
  }

  private has(client_id: string): boolean {
    return [...this.stored.values()].some((shown) => shown.client_id === client_id);
  }

  // Only the stream and the asking move `heard`: the number of an answer may be higher than one that is still to come.
  private hear(messages: Shown[], live: boolean): void {
    for (const shown of messages) {
      this.heard = Math.max(this.heard, shown.seq);
      const sending = this.outbox.entries.find(({ client_id }) => client_id === shown.client_id)?.state === "sending";
      this.add(shown, live);
      if (shown.client_id) {
        if (live && sending) this.unanswered.add(shown.client_id);
        this.outbox.settle(shown.client_id);
      }
    }
    this.trouble(false);
  }

  private add(shown: Shown, live: boolean): void {
    const known = this.stored.has(shown.id);
    this.stored.set(shown.id, shown);
    if (known || !live || shown.from === "patient") return;
    this.unanswered.clear();
    this.typists.set(shown.from, false);
    this.read(this.reading);
    this.watcher.arrived(shown);
  }

  private settled(talk: Pick<Talk, "handed_to_staff" | "taken_over">): void {
    this.handed = talk.handed_to_staff;
    this.takenOver = talk.taken_over ?? this.takenOver;
    this.trouble(false);
  }

  private develop({ message_id, state }: PhotoNews): void {
    const shown = this.stored.get(message_id);
    if (shown) this.stored.set(message_id, { ...shown, photo: { state } });
    this.watcher.changed();
  }

  private tell(state: State): void {
    this.handed = state.handed_to_staff;
    this.takenOver = state.taken_over;
    this.watcher.changed();
  }

  private trouble(away: boolean): void {
    this.away = away;
    this.watcher.changed();
  }

  // A page nobody looks at holds no stream: six tabs would leave a browser no connection for sending.
  private listen(): void {
    if (document.visibilityState !== "visible") return this.stream.stop();
    if (this.phase === "ready") this.stream.start();
    this.nudge();
  }

  private nudge(): void {
    this.pause.end();
    this.stream.nudge();
    this.outbox.go();
    this.watcher.changed();
  }

  /** The gateway does not know the token `dead` any more: begin anew, once, whoever finds out first. */
  private async renew(dead: string | null): Promise<void> {
    if (this.keep.get("token") !== dead) return this.ready;
    this.keep.drop("token");
    this.renewed = true;
    this.start();
    return this.ready;
  }

  /** Another tab began, changed or deleted the conversation. */
  private follow(): void {
    if (!this.keep.get("token")) return this.end();
    this.forget();
    this.start();
  }

  private end(): void {
    this.round += 1;
    this.pause.end();
    this.forget();
    this.keep.drop("seen");
    this.phase = "deleted";
    this.watcher.changed();
  }

  private forget(): void {
    this.stream.stop();
    this.stored.clear();
    this.previews.clear();
    this.unanswered.clear();
    this.heard = 0;
    this.handed = this.takenOver = false;
    this.typists.clear();
  }
}
