/** Where the patient writes: text, a photo, send. Sends `say` with {text, photo, preview}. */

import { css, html, LitElement, nothing, type TemplateResult } from "lit";
import { say } from "./config";
import * as icons from "./icons";
import { type Photo, prepare, Unusable } from "./photo";
import { base } from "./styles";
import type { Config } from "./types";

export interface Said {
  text: string;
  photo: Photo | null;
}

export class Composer extends LitElement {
  static override properties = {
    config: { attribute: false },
    photo: { state: true },
    problem: { state: true },
    over: { state: true },
  };
  static override styles = [
    base,
    css`
      :host {
        container-type: inline-size;
      }
      form {
        display: flex;
        align-items: flex-end;
        gap: 0.4em;
        padding: 0.6em;
        border-top: 1px solid var(--line);
      }
      textarea {
        flex: 1;
        min-width: 0;
        min-height: 44px;
        max-height: 8em;
        box-sizing: border-box;
        padding: 0.6em 0.75em;
        font: inherit;
        line-height: 1.35;
        color: var(--ink);
        background: var(--back);
        border: 1px solid var(--line);
        border-radius: 0.8em;
        resize: none;
        field-sizing: content;
      }
      textarea::placeholder {
        color: var(--muted);
        opacity: 1;
      }
      .send {
        padding: 0 0.9em;
        margin-left: auto;
      }
      @container (max-width: 14em) {
        form {
          flex-wrap: wrap;
        }
        textarea {
          flex: 1 0 100%;
          order: -1;
        }
      }
      .photo {
        display: flex;
        align-items: center;
        gap: 0.6em;
        padding: 0.6em 0.6em 0;
      }
      .photo canvas {
        max-width: 5em;
        max-height: 5em;
        border-radius: 0.5em;
        border: 1px solid var(--line);
      }
      .photo span {
        flex: 1;
      }
      .problem {
        margin: 0;
        padding: 0.5em 0.75em 0;
        color: var(--alarm);
        font-weight: 600;
      }
    `,
  ];

  declare config: Config;
  declare photo: Photo | null;
  declare problem: string | null;
  declare over: number;

  constructor() {
    super();
    this.photo = this.problem = null;
    this.over = 0;
  }

  override focus(): void {
    this.field?.focus();
  }

  override render(): TemplateResult {
    const t = (key: string, more = {}): string => say(this.config, key, more);
    const problem = this.over > 0 ? t("too_long", { count: this.over }) : this.problem && t(this.problem);
    return html`${
        this.photo
          ? html`<div class="photo">
              ${this.photo.preview ?? icons.camera}<span>${t("photo_ready")}</span>
              <button
                type="button"
                class="plain square"
                aria-label=${t("remove_photo")}
                title=${t("remove_photo")}
                @click=${this.drop}
              >
                ${icons.close}
              </button>
            </div>`
          : nothing
      }
      <p class="problem" id="problem" role="alert" ?hidden=${!problem}>${problem}</p>
      <form @submit=${this.submit}>
        <input type="file" id="file" accept="image/*,.heic,.heif" hidden @change=${this.chosen} />
        <button
          type="button"
          class="plain square"
          aria-label=${t("add_photo")}
          title=${t("add_photo")}
          @click=${this.choose}
        >
          ${icons.camera}
        </button>
        <textarea
          rows="1"
          aria-label=${t("your_message")}
          placeholder=${t("your_message")}
          aria-describedby="hint problem"
          autocomplete="off"
          autocapitalize="sentences"
          spellcheck="true"
          enterkeyhint="send"
          aria-invalid=${this.over > 0 ? "true" : "false"}
          @input=${this.measure}
          @keydown=${this.key}
        ></textarea>
        <span id="hint" class="unseen">${t("enter_hint")}</span>
        <button type="submit" class="main send" aria-label=${t("send")} title=${t("send")}>${icons.send}</button>
      </form>`;
  }

  private get field(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector("textarea");
  }

  private measure(): void {
    // the gateway counts characters, not the halves that JavaScript counts
    this.over = [...(this.field?.value ?? "")].length - this.config.limits.text;
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit(event);
  }

  private submit(event: Event): void {
    event.preventDefault();
    const field = this.field;
    if (!field || this.over > 0) return;
    const text = field.value.trim();
    if (text || this.photo) {
      this.dispatchEvent(new CustomEvent<Said>("say", { detail: { text, photo: this.photo } }));
      field.value = "";
      this.photo = this.problem = null;
    }
    field.focus();
  }

  private choose(): void {
    this.renderRoot.querySelector<HTMLInputElement>("#file")?.click();
  }

  private async chosen(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    input.value = ""; // the same picture can be chosen again
    if (!file) return;
    try {
      this.photo = await prepare(file, this.config.limits.photo_bytes);
      this.problem = null;
    } catch (problem) {
      if (!(problem instanceof Unusable)) throw problem;
      this.photo = null;
      this.problem = problem.message;
    }
    this.focus();
  }

  private drop(): void {
    this.photo = null;
    this.focus();
  }
}

customElements.define("clinic-chat-composer", Composer);
