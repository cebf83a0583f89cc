/** The shapes of the gateway's API; `docs/architecture.md` has the calls. */

export type Sender = "patient" | "assistant" | "staff";

export interface Button {
  title: string;
  payload: string;
  /** The id of a part's picture, `/parts/<id>.svg`. */
  picture?: string | null;
}

export interface Shown {
  id: string;
  seq: number;
  text: string;
  buttons: Button[];
  image?: string | null;
  photo?: { state: string } | null;
  at: string;
  from: Sender;
  client_id: string | null;
  /** It sends the patient for help now. */
  urgent: boolean;
  /** The language of what the assistant says. */
  language: string | null;
  /** Who of the clinic's staff wrote it. */
  name: string | null;
}

export interface Talk {
  messages: Shown[];
  handed_to_staff: boolean;
  taken_over?: boolean;
}

export interface Started extends Talk {
  token: string;
}

export interface Receipt {
  message_id: string;
  seq: number;
  replies: Shown[];
  handed_to_staff: boolean;
}

export interface Typing {
  from: Sender;
  on: boolean;
}

/** What became of a photo, told after its message. */
export interface PhotoNews {
  message_id: string;
  state: string;
}

export interface State {
  handed_to_staff: boolean;
  taken_over: boolean;
}

export interface Config {
  clinic: {
    name: string;
    phone: string;
    oncall_phone: string;
    emergency_number: string;
    crisis_line: string;
    open: boolean;
  };
  theme: { colour?: string | null; logo?: string | null };
  languages: string[];
  language: string;
  texts: Record<string, string>;
  limits: { text: number; photo_bytes: number };
}
