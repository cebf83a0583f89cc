/** "Which looks most like it?": pictures as radio buttons, so that arrow keys and screen readers know what to do. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { say } from "./config";
import { picture } from "./pictures";
import { base } from "./styles";
import type { Button, Config } from "./types";

/** Sends `pick` with the payload once the patient has confirmed their choice. */
export class Picker extends LitElement {
  static override properties = {
    config: { attribute: false },
    origin: {},
    choices: { attribute: false },
    chosen: { state: true },
  };
  static override styles = [
    base,
    css`
      fieldset {
        border: 0;
        margin: 0;
        padding: 0;
        min-width: 0;
      }
      .grid {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(7.4em, 1fr));
        gap: 0.5em;
      }
      label {
        position: relative;
        display: flex;
        flex-direction: column;
        align-items: center;
        justify-content: center;
        gap: 0.25em;
        min-height: 44px;
        padding: 0.4em;
        border: 1px solid var(--line);
        border-radius: 0.7em;
        text-align: center;
        font-size: 0.875em;
        line-height: 1.25;
        cursor: pointer;
        overflow-wrap: anywhere;
        background: var(--back);
      }
      label:has(input:checked) {
        outline: 3px solid var(--ink);
        outline-offset: -2px;
        font-weight: 600;
      }
      label:has(input:focus-visible) {
        box-shadow:
          0 0 0 2px var(--back),
          0 0 0 5px var(--focus);
      }
      input {
        position: absolute;
        inset: 0.4em auto auto 0.4em;
        width: 1.1em;
        height: 1.1em;
        margin: 0;
        accent-color: var(--accent);
      }
      img {
        display: block;
        width: 100%;
        height: 7.6em; /* 106 px: the millimetre bar in it can be read */
        object-fit: contain;
      }
      .main {
        margin-top: 0.5em;
        width: 100%;
      }
      @media (forced-colors: active) {
        label:has(input:focus-visible) {
          outline: 3px solid Highlight;
        }
      }
    `,
  ];

  declare config: Config;
  declare origin: string;
  declare choices: Button[];
  declare chosen: Button | null;

  constructor() {
    super();
    this.chosen = null;
  }

  override render(): TemplateResult {
    return html`<fieldset>
        <legend class="unseen">${say(this.config, "pick")}</legend>
        <div class="grid">
          ${repeat(
            this.choices,
            (choice) => choice.payload,
            (choice) => this.choice(choice),
          )}
        </div>
      </fieldset>
      ${
        this.chosen
          ? html`<button type="button" class="main" @click=${this.pick}>
              ${say(this.config, "pick_send", { label: this.chosen.title })}
            </button>`
          : nothing
      }`;
  }

  protected override updated(): void {
    this.renderRoot.querySelector(".main")?.scrollIntoView({ block: "nearest" });
  }

  private choice(choice: Button): TemplateResult {
    const source = picture(choice.picture, this.origin);
    return html`<label
      ><input type="radio" name="part" .checked=${this.chosen === choice} @change=${() => (this.chosen = choice)} />
      ${source ? html`<img src=${source} alt="" />` : nothing}<span>${choice.title}</span></label
    >`;
  }

  private pick(): void {
    this.dispatchEvent(new CustomEvent("pick", { detail: this.chosen?.payload }));
  }
}

customElements.define("clinic-chat-picker", Picker);
