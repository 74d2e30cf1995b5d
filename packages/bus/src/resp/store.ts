type Entry = { text: string; expiresAt: number };

/** All values together; far more than the bus ever keeps. */
const mostBytes = 16 << 20;

/** Values that expire. `now` is a monotonic clock in milliseconds. */
export class ValueStore {
  readonly #entries = new Map<string, Entry>();
  readonly #now: () => number;
  #bytes = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  get(key: string): string | null {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    if (entry.expiresAt > this.#now()) return entry.text;
    this.#remove(key, entry);
    return null;
  }

  /** False: no room for it. */
  set(key: string, text: string, ttlMs: number): boolean {
    const old = this.#entries.get(key);
    if (old) this.#remove(key, old);
    const bytes = key.length + text.length;
    if (this.#bytes + bytes > mostBytes) this.#removeExpired();
    if (this.#bytes + bytes > mostBytes) return false;
    this.#entries.set(key, { text, expiresAt: this.#now() + ttlMs });
    this.#bytes += bytes;
    return true;
  }

  #removeExpired(): void {
    const now = this.#now();
    for (const [key, entry] of this.#entries) if (entry.expiresAt <= now) this.#remove(key, entry);
  }

  #remove(key: string, entry: Entry): void {
    this.#entries.delete(key);
    this.#bytes -= key.length + entry.text.length;
  }
}
