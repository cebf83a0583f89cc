/** What every visitor loads: the button, and its promise to load the rest when it is pressed. */

import { colours } from "./colour";
import { loadConfig, say, telephone } from "./config";
import { Keep } from "./keep";
import css from "./launcher.css";
import type { Panel } from "./panel";
import type { Config } from "./types";

/** The built file of the panel, set by the build. */
declare const PANEL: string;

const RETRY = 30_000;
const tag = document.currentScript as HTMLScriptElement;

class Launcher {
  private readonly origin = new URL(tag.src).origin;
  private readonly keep = new Keep(tag.dataset.clinic ?? "clinic");
  private readonly root = document.createElement("div");
  private readonly button = document.createElement("button");
  private readonly label = document.createElement("span");
  private readonly badge = document.createElement("span");
  private readonly help = document.createElement("p");
  /** Tells a screen reader that something came while the chat is closed. */
  private readonly news = document.createElement("span");
  private config!: Config;
  private panel: Promise<Panel> | null = null;
  private open = false;
  private unread = 0;

  /** Shows the button once the clinic is known; a chat that cannot be reached is not offered. */
  async start(): Promise<void> {
    try {
      this.config = await loadConfig(this.origin, this.language());
    } catch {
      setTimeout(() => void this.start(), RETRY);
      return;
    }
    if (document.readyState === "loading") {
      await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve, { once: true }));
    }
    this.build();
    // someone who has a conversation wants to see whether an answer came
    if (this.keep.get("token")) this.load().catch(() => undefined);
  }

  private language(): string {
    return this.keep.get("language") ?? tag.dataset.lang ?? (document.documentElement.lang || navigator.language);
  }

  private build(): void {
    // not a div: some pages hide empty ones
    const host = document.createElement("clinic-chat");
    const shadow = host.attachShadow({ mode: "open" });
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(css);
      shadow.adoptedStyleSheets = [sheet];
    } catch {
      shadow.append(Object.assign(document.createElement("style"), { textContent: css })); // older iPhones
    }
    this.root.className = "root";
    this.button.type = "button";
    this.button.setAttribute("aria-haspopup", "dialog");
    this.badge.className = "badge";
    this.badge.hidden = this.help.hidden = true;
    this.badge.setAttribute("aria-hidden", "true");
    this.help.className = "help";
    this.help.setAttribute("role", "alert");
    const mark = document.createElement("span");
    mark.className = "mark";
    this.button.append(mark, this.label, this.badge);
    this.button.addEventListener("click", () => void this.press());
    this.news.className = "unseen";
    this.news.setAttribute("role", "status");
    this.root.append(this.button, this.help, this.news);
    shadow.append(this.root);
    document.body.append(host);
    const own = getComputedStyle(host).getPropertyValue("--clinic-chat-colour").trim();
    const { colour, ink } = colours(own || tag.dataset.colour || this.config.theme.colour);
    this.root.style.setProperty("--accent", colour);
    this.root.style.setProperty("--accent-ink", ink);
    this.draw();
  }

  private draw(): void {
    const { unread, config } = this;
    const news =
      unread === 0 || this.open ? "" : say(config, unread === 1 ? "unread_one" : "unread", { count: unread });
    this.root.lang = config.language;
    this.label.textContent = say(config, this.open ? "close" : "open_short");
    // the name begins with the words that can be seen: so it can be spoken to
    if (this.open) this.button.removeAttribute("aria-label");
    else
      this.button.setAttribute(
        "aria-label",
        [say(config, "open_short"), say(config, "open"), news].filter(Boolean).join(", "),
      );
    this.button.setAttribute("aria-expanded", String(this.open));
    this.news.textContent = news;
    this.badge.hidden = !news;
    this.badge.textContent = String(Math.min(unread, 99));
  }

  private async press(): Promise<void> {
    this.button.setAttribute("aria-busy", "true");
    try {
      const panel = await this.load();
      this.help.hidden = true;
      if (this.open) return panel.hide();
      this.open = true;
      await panel.show();
      this.draw();
    } catch {
      this.complain();
    } finally {
      this.button.removeAttribute("aria-busy");
    }
  }

  /** The panel could not be loaded: who to call instead. */
  private complain(): void {
    const { phone } = this.config.clinic;
    const [before, ...after] = say(this.config, "no_chat").split(phone);
    const link = Object.assign(document.createElement("a"), { href: telephone(phone), textContent: phone });
    this.help.replaceChildren(before ?? "", link, after.join(phone));
    this.help.hidden = false;
  }

  private load(): Promise<Panel> {
    this.panel ??= this.fetch().catch((problem: unknown) => {
      this.panel = null; // the next press tries again
      throw problem;
    });
    return this.panel;
  }

  private async fetch(): Promise<Panel> {
    await import(`${this.origin}/widget/${PANEL}`);
    const panel = document.createElement("clinic-chat-panel") as Panel;
    Object.assign(panel, { config: this.config, origin: this.origin, keep: this.keep });
    panel.addEventListener("closed", () => {
      this.open = false;
      this.draw();
      this.button.focus();
    });
    panel.addEventListener("unread", (event) => {
      this.unread = (event as CustomEvent<number>).detail;
      this.draw();
    });
    panel.addEventListener("language", (event) => {
      this.config = (event as CustomEvent<Config>).detail;
      this.draw();
    });
    panel.begin();
    this.root.append(panel);
    return panel;
  }
}

// one chat a page, however many tags: also where the first is still asking
const MARK = Symbol.for("clinic-chat");
if (!(MARK in window)) {
  Object.assign(window, { [MARK]: true });
  void new Launcher().start();
}
