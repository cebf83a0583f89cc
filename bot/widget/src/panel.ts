/** The window of the chat: a dialog beside the page, or over all of a small screen. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Api } from "./api";
import "./composer";
import type { Composer, Said } from "./composer";
import { loadConfig, say, telephone } from "./config";
import { Conversation } from "./conversation";
import * as icons from "./icons";
import type { Keep } from "./keep";
import "./menu";
import type { Menu } from "./menu";
import "./picker";
import type { Picker } from "./picker";
import { Place } from "./place";
import { base, panel } from "./styles";
import { messages, type Scene, worded } from "./talk";
import type { Config, Shown } from "./types";

/** How long a screen reader may take over the history, in milliseconds, before what comes is new to it. */
const HISTORY = 500;

/** Sends `unread` (with the number) and `closed`. */
export class Panel extends LitElement {
  static override properties = {
    config: { attribute: false },
    open: { state: true },
    menu: { state: true },
    far: { state: true },
    failure: { state: true },
    live: { state: true },
  };
  static override styles = [base, panel];

  declare config: Config;
  declare origin: string;
  declare keep: Keep;
  declare private open: boolean;
  declare private menu: boolean;
  /** The reader has scrolled away from the newest message. */
  declare private far: boolean;
  /** The key of the sentence that tells what did not work. */
  declare private failure: string | null;
  /** What is added to the talk is read out: not while its history is put in. */
  declare private live: boolean;
  private talk!: Conversation;
  private fresh: number | null = null;
  /** The number of an urgent message: its first words stay in sight until the patient writes or a person does. */
  private anchor: number | null = null;
  private told = 0;
  private place!: Place;

  constructor() {
    super();
    this.open = this.menu = this.far = this.live = false;
    this.failure = null;
  }

  /** Call once, with `config`, `origin` and `keep` set. */
  begin(): void {
    const api = new Api(this.origin, () => this.keep.get("token"));
    const watcher = { changed: () => this.changed(), arrived: (message: Shown) => this.arrived(message) };
    this.talk = new Conversation(api, this.keep, watcher, () => this.config.language);
    this.talk.start();
    this.place = new Place(
      () => this.dialog,
      () => (this.shadowRoot?.activeElement ?? null) as HTMLElement | null,
    );
    document.addEventListener("visibilitychange", () => this.looked());
  }

  async show(): Promise<void> {
    this.open = true;
    await this.updateComplete;
    this.place.show();
    this.looked();
    this.toNewest();
    if (this.place.touched)
      this.renderRoot.querySelector("h2")?.focus(); // no keyboard over the first words
    else this.composer?.focus();
    void this.refresh(this.config.language);
  }

  hide(): void {
    if (!this.open) return;
    this.open = this.menu = false;
    this.place.hide();
    this.talk.read(false);
    this.dispatchEvent(new CustomEvent("closed"));
  }

  override render(): TemplateResult {
    const { config } = this;
    const { clinic } = config;
    const t = (key: string, more = {}): string => say(config, key, more);
    const scene: Scene = { config, origin: this.origin, talk: this.talk };
    const logo = this.logo();
    const mood = this.trouble() ? "trouble" : this.talk.takenOver ? "person" : "";
    return html`<dialog lang=${config.language} aria-labelledby="name" @keydown=${this.key} @cancel=${this.cancel}>
      <header>
        <div class="title">
          ${logo ? html`<img src=${logo} alt="" />` : nothing}
          <h2 id="name" tabindex="-1">${clinic.name}</h2>
          <button
            type="button"
            class="square"
            aria-label=${t("menu")}
            title=${t("menu")}
            aria-expanded=${this.menu ? "true" : "false"}
            aria-controls="menu"
            @click=${this.toggleMenu}
          >
            ${icons.more}
          </button>
          <button type="button" class="square" aria-label=${t("close")} title=${t("close")} @click=${this.hide}>
            ${icons.close}
          </button>
        </div>
        <clinic-chat-menu
          id="menu"
          ?hidden=${!this.menu}
          .config=${config}
          ?talking=${this.talk.phase === "ready"}
          @transcript=${this.transcript}
          @delete=${this.erase}
          @language=${(event: CustomEvent<string>) => this.refresh(event.detail, true)}
        ></clinic-chat-menu>
        <p class="notice">
          ${worded(t("notice"), scene)}${config.language === "en" ? nothing : worded(` ${t("english_only")}`, scene)}
        </p>
        <div class="reach">
          <a class="button plain" href=${telephone(clinic.open ? clinic.phone : clinic.oncall_phone)}
            >${icons.phone}<span>${t("call")} <small>${t(clinic.open ? "call_open" : "call_closed")}</small></span></a
          >
          <button type="button" class="plain" ?disabled=${this.talk.phase === "deleted"} @click=${this.person}>
            ${icons.person}${t("person")}
          </button>
        </div>
      </header>
      <div
        class="log"
        role="log"
        aria-live=${this.live ? "polite" : "off"}
        aria-relevant="additions"
        aria-label=${t("messages")}
        tabindex="0"
        @scroll=${this.scrolled}
      >
        ${messages(scene)}
        ${this.talk.typist ? this.typing(t(this.talk.typist === "staff" ? "typing_staff" : "typing")) : nothing}
        ${this.talk.phase === "deleted" ? this.over() : this.replies()}
        ${
          this.far
            ? html`<button
                type="button"
                class="newest main"
                aria-label=${t("to_newest")}
                title=${t("to_newest")}
                @click=${this.toNewest}
              >
                ${icons.down}
              </button>`
            : nothing
        }
      </div>
      <p class="status ${mood}" role="status">${this.status(scene)}</p>
      <clinic-chat-composer
        ?hidden=${this.talk.phase === "deleted"}
        .config=${config}
        @say=${this.said}
      ></clinic-chat-composer>
      <div class="unseen" id="alarm" role="alert"></div>
    </dialog>`;
  }

  protected override updated(): void {
    if (this.fresh === null) return;
    void this.showFrom(this.fresh);
    this.fresh = null;
  }

  /** Down to the newest, but no further than the start of the first message not yet read. */
  private async showFrom(seq: number): Promise<void> {
    await this.renderRoot.querySelector<Picker>("clinic-chat-picker")?.updateComplete;
    this.toNewest();
    const first = this.renderRoot.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
    if (this.log && first) this.log.scrollTop = Math.min(this.log.scrollTop, first.offsetTop - 8);
  }

  private get dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  private get log(): HTMLElement | null {
    return this.renderRoot.querySelector(".log");
  }

  private get composer(): Composer | null {
    return this.renderRoot.querySelector<Composer>("clinic-chat-composer");
  }

  private typing(words: string): TemplateResult {
    return html`<div class="typing"><i></i><i></i><i></i><span class="unseen">${words}</span></div>`;
  }

  /** What can be tapped: only what the last message offers, until it is answered. */
  private replies(): TemplateResult | typeof nothing {
    const last = this.talk.messages.at(-1);
    if (!last || last.from === "patient" || this.talk.entries.length || !last.buttons.length) return nothing;
    if (last.buttons.some((button) => button.picture)) {
      return html`<clinic-chat-picker
        .config=${this.config}
        .origin=${this.origin}
        .choices=${last.buttons}
        @pick=${(event: CustomEvent<string>) => this.tap(event.detail)}
      ></clinic-chat-picker>`;
    }
    return html`<div class="replies" role="group" aria-label=${say(this.config, "quick_replies")}>
      ${last.buttons.map(({ title, payload }) => {
        return html`<button type="button" class="plain" @click=${() => this.tap(payload)}>${title}</button>`;
      })}
    </div>`;
  }

  private over(): TemplateResult {
    return html`<div class="over">
      <p>${say(this.config, "deleted")}</p>
      <button type="button" class="main" @click=${this.again}>${say(this.config, "start_again")}</button>
    </div>`;
  }

  private trouble(): string | null {
    if (this.failure) return say(this.config, this.failure);
    const entry = this.talk.entries.find(({ reason }) => reason);
    if (!navigator.onLine) return this.pressing("offline");
    if (entry?.reason && entry.state === "waiting") return this.pressing(entry.reason, { seconds: entry.seconds });
    if (entry?.reason) return say(this.config, entry.reason);
    return this.talk.away ? this.pressing("trouble") : null;
  }

  /** Words cannot get through now: whom to call instead. */
  private pressing(key: string, more = {}): string {
    return `${say(this.config, key, more)} ${say(this.config, "cannot_wait")}`;
  }

  private status(scene: Scene): (TemplateResult | string)[] | typeof nothing {
    const trouble = this.trouble();
    if (trouble) return worded(trouble, scene);
    const key = this.talk.takenOver
      ? "taken_over"
      : this.talk.handed
        ? "handed"
        : this.talk.renewed
          ? "new_chat"
          : null;
    if (!key) return nothing;
    const words = worded(say(this.config, key), scene);
    return this.talk.takenOver ? [icons.person, html`<span>${words}</span>`] : words;
  }

  /** Only a picture of the clinic's own server: no page of ours asks a third party for anything. */
  private logo(): string | null {
    const { logo } = this.config.theme;
    return logo?.startsWith("/") && !logo.startsWith("//") ? this.origin + logo : null;
  }

  private changed(): void {
    if (this.talk.phase !== "ready") this.live = false;
    else if (!this.live) setTimeout(() => (this.live = this.talk.phase === "ready"), HISTORY);
    if (this.told !== this.talk.unread) {
      this.told = this.talk.unread;
      this.dispatchEvent(new CustomEvent("unread", { detail: this.told }));
    }
    const near = !this.far;
    this.requestUpdate();
    void this.updateComplete.then(() => near && this.fresh === null && this.settle());
  }

  private settle(): void {
    const last = this.talk.messages.at(-1);
    if (this.anchor !== null) return;
    if (this.talk.entries.length || this.talk.typist || last?.from === "patient") this.toNewest();
  }

  private arrived(message: Shown): void {
    if (message.from === "staff") this.anchor = null;
    if (message.urgent) this.anchor ??= message.seq;
    if (!this.far) this.fresh ??= this.anchor ?? message.seq;
    if (!message.urgent) return;
    const line = Object.assign(document.createElement("p"), {
      textContent: message.text,
      lang: message.language ?? "",
    });
    this.renderRoot.querySelector("#alarm")?.replaceChildren(line); // a new element: said again is heard again
  }

  private looked(): void {
    this.talk.read(this.open && document.visibilityState === "visible");
    this.changed();
  }

  private scrolled(): void {
    const log = this.log;
    if (log) this.far = log.scrollHeight - log.scrollTop - log.clientHeight > 120;
  }

  private toNewest(): void {
    const { log, dialog } = this;
    if (log) log.scrollTop = log.scrollHeight;
    if (dialog) dialog.scrollTop = dialog.scrollHeight; // where large text leaves the talk no room beside the head
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.menu) this.toggleMenu();
    else this.hide();
  }

  private cancel(event: Event): void {
    event.preventDefault(); // Android's way back
    this.hide();
  }

  private async toggleMenu(): Promise<void> {
    this.menu = !this.menu;
    await this.updateComplete;
    if (this.menu) this.renderRoot.querySelector<Menu>("clinic-chat-menu")?.focus();
    else this.renderRoot.querySelector<HTMLElement>("[aria-controls=menu]")?.focus();
  }

  private said(event: CustomEvent<Said>): void {
    const { text, photo } = event.detail;
    this.failure = null;
    this.anchor = null;
    this.talk.say(text, photo?.blob, photo?.preview);
    this.toNewest();
  }

  private tap(payload: string): void {
    this.anchor = null;
    this.talk.say(payload);
    // the button is gone: where writing goes on, without calling up a phone's keyboard
    if (this.place.touched) this.log?.focus();
    else this.composer?.focus();
  }

  private person(): void {
    this.anchor = null;
    this.talk.say(say(this.config, "person_words"));
  }

  private async refresh(language: string, chosen = false): Promise<void> {
    if (chosen) this.keep.set("language", language);
    try {
      this.config = await loadConfig(this.origin, language);
      if (chosen) this.dispatchEvent(new CustomEvent("language", { detail: this.config }));
    } catch {
      // the facts we have will do
    }
  }

  private async transcript(): Promise<void> {
    try {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await this.talk.transcript());
      link.download = `${this.config.clinic.name}.txt`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      this.failure = null;
      if (this.menu) void this.toggleMenu();
    } catch {
      this.failure = "transcript_failed";
    }
  }

  private async erase(): Promise<void> {
    try {
      await this.talk.remove();
      this.failure = null;
      this.menu = false;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>(".over button")?.focus();
    } catch {
      this.failure = "delete_failed";
    }
  }

  private async again(): Promise<void> {
    this.talk.start();
    await this.updateComplete;
    this.composer?.focus();
  }
}

customElements.define("clinic-chat-panel", Panel);
