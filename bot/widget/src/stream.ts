/** Brings what comes later: staff, late answers, other tabs. Where a proxy holds streams back, it asks instead. */

import { createParser } from "eventsource-parser";
import { type Api, Refused } from "./api";
import { Backoff, Pause } from "./backoff";
import type { PhotoNews, Shown, State, Typing } from "./types";

/** The gateway sends a sign of life every 15 s. */
const SILENCE = 40_000;
const FIRST_SIGN = 10_000;

export interface Ear {
  /** The highest number heard so far: the stream goes on after it. */
  heard(): number;
  message(shown: Shown): void;
  typing(typing: Typing): void;
  state(state: State): void;
  photo(news: PhotoNews): void;
  /** Asks for what came meanwhile; used whenever the stream broke. */
  ask(): Promise<void>;
  /** The conversation is no more. */
  gone(): void;
}

export class Stream {
  private readonly backoff = new Backoff(1_000, 15_000);
  private readonly pause = new Pause();
  private stopped: AbortController | null = null;

  constructor(
    private readonly api: Api,
    private readonly ear: Ear,
  ) {}

  start(): void {
    this.stop();
    this.stopped = new AbortController();
    void this.run(this.stopped.signal);
  }

  stop(): void {
    this.stopped?.abort();
    this.stopped = null;
    this.pause.end();
  }

  /** The line may be back: try now. */
  nudge(): void {
    this.pause.end();
  }

  private async run(stopped: AbortSignal): Promise<void> {
    this.backoff.reset();
    while (!stopped.aborted) {
      try {
        await this.listen(stopped);
        if (!stopped.aborted) await this.ear.ask();
      } catch (problem) {
        if (stopped.aborted) return;
        if (problem instanceof Refused && problem.gone) return this.ear.gone();
        await this.ear.ask().catch(() => undefined); // it tells of its own trouble
      }
      if (!stopped.aborted) await this.pause.wait(this.backoff.next());
    }
  }

  private async listen(stopped: AbortSignal): Promise<void> {
    const silent = new AbortController();
    const end = (): void => silent.abort();
    stopped.addEventListener("abort", end);
    let watch = setTimeout(end, FIRST_SIGN);
    try {
      const response = await this.api.events(this.ear.heard(), silent.signal);
      const parser = createParser({ onEvent: (event) => this.take(event.event ?? "message", event.data) });
      const reader = (response.body as ReadableStream<Uint8Array>).getReader();
      const decoder = new TextDecoder();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        clearTimeout(watch);
        watch = setTimeout(end, SILENCE);
        this.backoff.reset();
        parser.feed(decoder.decode(part.value, { stream: true }));
      }
    } finally {
      clearTimeout(watch);
      stopped.removeEventListener("abort", end);
    }
  }

  private take(kind: string, data: string): void {
    const value: unknown = JSON.parse(data);
    if (kind === "message") this.ear.message(value as Shown);
    else if (kind === "typing") this.ear.typing(value as Typing);
    else if (kind === "state") this.ear.state(value as State);
    else if (kind === "photo") this.ear.photo(value as PhotoNews);
  }
}
