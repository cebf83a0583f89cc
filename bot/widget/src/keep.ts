/** What stays on this device, under the clinic's name: the conversation's token, the last number seen, the language. */

const FIELDS = ["token", "seen", "language"] as const;
type Field = (typeof FIELDS)[number];

/** Falls back to memory where the browser refuses storage: the conversation then lasts as long as the page. */
export class Keep {
  private readonly memory = new Map<Field, string>();

  constructor(readonly clinic: string) {}

  get(field: Field): string | null {
    try {
      return localStorage.getItem(this.key(field)) ?? this.memory.get(field) ?? null;
    } catch {
      return this.memory.get(field) ?? null;
    }
  }

  set(field: Field, value: string): void {
    this.memory.set(field, value);
    try {
      localStorage.setItem(this.key(field), value);
    } catch {
      // memory has it
    }
  }

  drop(field: Field): void {
    this.memory.delete(field);
    try {
      localStorage.removeItem(this.key(field));
    } catch {
      // memory had it
    }
  }

  /** Calls back when another tab began, deleted or changed the conversation. */
  watch(field: Field, changed: () => void): () => void {
    const heard = (event: StorageEvent): void => {
      if (event.key !== this.key(field) && event.key !== null) return;
      this.memory.delete(field); // what the other tab wrote holds
      changed();
    };
    window.addEventListener("storage", heard);
    return () => window.removeEventListener("storage", heard);
  }

  private key(field: Field): string {
    return `clinic-chat:${this.clinic}:${field}`;
  }
}
