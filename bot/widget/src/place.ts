/** Where the window stands: beside the page, or over all of a small screen. */

/** Where a window of our size would not fit beside the page; the same as in panel.css. */
const SMALL = "(max-width: 30em), (max-height: 27em)";

export class Place {
  private readonly small = matchMedia(SMALL);

  /** `dialog` gives the window once it is drawn, `focused` what in it has the focus. */
  constructor(
    private readonly dialog: () => HTMLDialogElement | null,
    private readonly focused: () => HTMLElement | null,
  ) {
    this.small.addEventListener("change", () => this.dialog()?.open && this.show());
    for (const event of ["resize", "scroll"]) window.visualViewport?.addEventListener(event, () => this.fit());
  }

  /** Whether a keyboard comes up over the talk as soon as the field has the focus. */
  get touched(): boolean {
    return this.small.matches || !matchMedia("(pointer: fine)").matches;
  }

  /** Beside the page nothing is taken from it; over all of it, the browser keeps the focus inside. */
  show(): void {
    const dialog = this.dialog();
    if (!dialog) return;
    const focused = this.focused();
    if (dialog.open) dialog.close();
    if (this.small.matches) dialog.showModal();
    else dialog.show();
    focused?.focus();
    this.fit();
  }

  hide(): void {
    this.dialog()?.close();
  }

  /** Keeps the field above the keyboard of a phone, which lies over the page. */
  private fit(): void {
    const view = window.visualViewport;
    const dialog = this.dialog();
    if (!view || !dialog?.open || !this.small.matches || view.scale > 1.01) return;
    dialog.style.setProperty("--height", `${view.height}px`);
    dialog.style.setProperty("--top", `${view.offsetTop}px`);
  }
}
