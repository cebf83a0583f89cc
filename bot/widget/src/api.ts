/** The gateway's calls. The token travels in a header, never in an address, and no cookie is sent or kept. */

import type { Receipt, Started, Talk } from "./types";

const PATIENCE = 30_000;

/** The gateway said no. `code` is its word for it; `after` the seconds it asks to wait. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly after: number,
  ) {
    super(code);
  }

  /** The conversation of the token is gone: deleted, or older than what is kept. */
  get gone(): boolean {
    return this.status === 404 || this.status === 401;
  }
}

function refusal(status: number, body: string, after: string | null): Refused {
  let code = `http_${status}`;
  try {
    code = String((JSON.parse(body) as { error?: unknown }).error ?? code);
  } catch {
    // a proxy's page: the status says enough
  }
  return new Refused(status, code, Math.min(300, Math.max(1, Number(after) || 5)));
}

export class Api {
  constructor(
    private readonly origin: string,
    private readonly token: () => string | null,
  ) {}

  begin(lang: string): Promise<Started> {
    return this.json("POST", "/api/conversations", { lang });
  }

  send(text: string, client_id: string): Promise<Receipt> {
    return this.json("POST", "/api/conversation/messages", { text, client_id });
  }

  after(seq: number): Promise<Talk> {
    return this.json("GET", `/api/conversation/messages?after=${seq}`);
  }

  async transcript(): Promise<Blob> {
    return (await this.call("GET", "/api/conversation/transcript")).blob();
  }

  async remove(): Promise<void> {
    await this.call("DELETE", "/api/conversation");
  }

  /** The stream of what comes after number `seq`; lives until `signal`. */
  events(seq: number, signal: AbortSignal): Promise<Response> {
    return this.call("GET", "/api/conversation/events", { signal, headers: { "Last-Event-ID": String(seq) } });
  }

  /** A photo, with `progress` from 0 to 1 while it goes up (which fetch cannot tell). */
  photo(photo: Blob, text: string, client_id: string, progress: (part: number) => void): Promise<Receipt> {
    const form = new FormData();
    form.set("client_id", client_id);
    if (text) form.set("text", text);
    form.set("photo", photo, "photo");
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", `${this.origin}/api/conversation/photos`);
      request.setRequestHeader("Authorization", `Bearer ${this.token() ?? ""}`);
      request.timeout = 4 * PATIENCE;
      request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
      request.onerror = request.ontimeout = () => reject(new TypeError("no answer"));
      request.onload = () => {
        if (request.status >= 200 && request.status < 300) resolve(JSON.parse(request.responseText) as Receipt);
        else reject(refusal(request.status, request.responseText, request.getResponseHeader("Retry-After")));
      };
      request.send(form);
    });
  }

  private async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const init: RequestInit =
      body === undefined ? {} : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
    return (await this.call(method, path, init)).json() as Promise<T>;
  }

  private async call(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    const token = this.token();
    if (token) headers.set("Authorization", `Bearer ${token}`);
    const stop = new AbortController();
    const timer = init.signal ? undefined : setTimeout(() => stop.abort(), PATIENCE);
    try {
      const response = await fetch(this.origin + path, {
        signal: stop.signal,
        ...init,
        method,
        headers,
        cache: "no-store",
        credentials: "omit",
        referrerPolicy: "no-referrer",
      });
      if (response.ok) return response;
      throw refusal(response.status, await response.text(), response.headers.get("Retry-After"));
    } finally {
      clearTimeout(timer);
    }
  }
}
