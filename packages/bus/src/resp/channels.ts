/** Receives what is said on a channel. */
export type Hearer = { hear: (channel: string, text: string) => void };

/** Who hears which channel. */
export class Channels {
  readonly #hearers = new Map<string, Set<Hearer>>();

  join(channel: string, hearer: Hearer): void {
    const hearers = this.#hearers.get(channel) ?? new Set();
    this.#hearers.set(channel, hearers.add(hearer));
  }

  leave(channel: string, hearer: Hearer): void {
    const hearers = this.#hearers.get(channel);
    if (hearers?.delete(hearer) && hearers.size === 0) this.#hearers.delete(channel);
  }

  /** How many heard it. */
  say(channel: string, text: string): number {
    const hearers = [...(this.#hearers.get(channel) ?? [])];
    for (const hearer of hearers) hearer.hear(channel, text);
    return hearers.length;
  }
}
