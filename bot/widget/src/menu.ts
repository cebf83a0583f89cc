/** What is behind "More": language, the chat as a file, deleting it after a second question. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { say } from "./config";
import * as icons from "./icons";
import { base } from "./styles";
import type { Config } from "./types";

/** Sends `language` (with the code), `transcript` and `delete`. */
export class Menu extends LitElement {
  static override properties = { config: { attribute: false }, talking: { type: Boolean }, asking: { state: true } };
  static override styles = [
    base,
    css`
      :host {
        display: block;
        padding: 0.25em 0.75em 0.75em;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5em;
        margin-top: 0.5em;
      }
      .row button {
        flex: 1 1 auto;
      }
      [aria-pressed="true"] {
        font-weight: 700;
        border-width: 2px;
        border-color: currentColor;
      }
      p {
        margin: 0.5em 0 0;
      }
      .ask {
        font-weight: 600;
      }
    `,
  ];

  declare config: Config;
  declare talking: boolean;
  declare asking: boolean;

  constructor() {
    super();
    this.talking = this.asking = false;
  }

  override focus(): void {
    this.renderRoot.querySelector("button")?.focus();
  }

  override render(): TemplateResult {
    const t = (key: string): string => say(this.config, key);
    if (this.asking) {
      return html`<div role="group" aria-labelledby="ask" aria-describedby="means">
        <p id="ask" class="ask">${t("delete_ask")}</p>
        <p id="means">${t("delete_means")}</p>
        <div class="row">
          <button type="button" class="plain" @click=${this.keep}>${t("delete_no")}</button>
          <button type="button" class="alarm" @click=${() => this.tell("delete")}>${t("delete_yes")}</button>
        </div>
      </div>`;
    }
    const { languages, language } = this.config;
    return html`${
      languages.length > 1
        ? html`<div class="row" role="group" aria-label=${t("language")}>
            ${languages.map(
              (code) =>
                html`<button
                  type="button"
                  class="plain"
                  lang=${code}
                  aria-pressed=${code === language ? "true" : "false"}
                  @click=${() => this.tell("language", code)}
                >
                  ${named(code)}
                </button>`,
            )}
          </div>`
        : nothing
    }
    ${
      this.talking
        ? html`<div class="row">
            <button type="button" class="plain" @click=${() => this.tell("transcript")}>
              ${icons.file}${t("transcript")}
            </button>
            <button type="button" class="plain" id="delete" @click=${this.ask}>${icons.bin}${t("delete")}</button>
          </div>`
        : nothing
    }`;
  }

  private async ask(): Promise<void> {
    this.asking = true;
    await this.updateComplete;
    this.focus();
  }

  private async keep(): Promise<void> {
    this.asking = false;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#delete")?.focus();
  }

  private tell(name: string, detail?: string): void {
    this.asking = false;
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** A language in its own words. */
function named(code: string): string {
  const name = new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
  return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
}

customElements.define("clinic-chat-menu", Menu);
