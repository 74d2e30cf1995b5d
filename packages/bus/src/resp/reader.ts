/** Sizes no client of this program ever needs; whoever goes past them is cut off. */
export const readerLimits = { words: 64, wordBytes: 1 << 20, pendingBytes: 2 << 20, headBytes: 32 };

export class ProtocolError extends Error {}

/**
 * Reads requests (arrays of bulk strings) out of whatever pieces the network delivers. Own code instead of
 * respjs here: that one allocates what a stranger merely announces. Words are latin1 strings, so that
 * every byte survives.
 */
export class RequestReader {
  #pending: Buffer = Buffer.alloc(0);
  #position = 0;

  /** The requests that are complete now. Throws ProtocolError; the reader is of no use after that. */
  read(chunk: Buffer): string[][] {
    this.#pending = Buffer.concat([this.#pending.subarray(this.#position), chunk]);
    this.#position = 0;
    if (this.#pending.length > readerLimits.pendingBytes) throw new ProtocolError('too big a request');
    const requests: string[][] = [];
    for (;;) {
      const start = this.#position;
      const request = this.#request();
      if (!request) {
        this.#position = start;
        return requests;
      }
      if (request.length > 0) requests.push(request);
    }
  }

  #request(): string[] | null {
    const count = this.#head('*', readerLimits.words);
    if (count === null) return null;
    const words: string[] = [];
    while (words.length < count) {
      const length = this.#head('$', readerLimits.wordBytes);
      if (length === null) return null;
      const end = this.#position + length;
      if (this.#pending.length < end + 2) return null;
      if (this.#pending.toString('latin1', end, end + 2) !== '\r\n') {
        throw new ProtocolError('expected the end of a word');
      }
      words.push(this.#pending.toString('latin1', this.#position, end));
      this.#position = end + 2;
    }
    return words;
  }

  /** A line of one sign and a number, e.g. `*3` or `$12`; null: not complete yet. */
  #head(sign: string, most: number): number | null {
    const end = this.#pending.indexOf('\r\n', this.#position);
    const length = (end < 0 ? this.#pending.length : end) - this.#position;
    if (length > readerLimits.headBytes) throw new ProtocolError('too long a line');
    if (length > 0 && this.#pending.toString('latin1', this.#position, this.#position + 1) !== sign) {
      throw new ProtocolError(`expected '${sign}'`);
    }
    if (end < 0) return null;
    const digits = this.#pending.toString('latin1', this.#position + 1, end);
    if (!/^\d{1,9}$/.test(digits) || Number(digits) > most) throw new ProtocolError('invalid length');
    this.#position = end + 2;
    return Number(digits);
  }
}
