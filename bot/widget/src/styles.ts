/** Style sheets as Lit wants them. */

import { unsafeCSS } from "lit";
import baseText from "./base.css";
import panelText from "./panel.css";

/** What every part of the chat shares. */
export const base = unsafeCSS(baseText);
/** The window itself. */
export const panel = unsafeCSS(panelText);
