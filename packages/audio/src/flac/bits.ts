/** Zero bytes that must follow the readable ones, so that a peek never leaves the array. */
export const BIT_SLACK = 8;

/**
 * Bits, most significant first. Reading past `end` gives zeros and sets `overrun`; nothing is thrown,
 * because a frame that is not whole yet is met once in every chunk of a file.
 */
export class BitReader {
  readonly bytes: Uint8Array;
  /** First bit that is not there. */
  readonly end: number;
  /** Next bit to read. */
  position: number;

  /** `bytes` holds `length` readable bytes and `BIT_SLACK` zeros behind them. */
  constructor(bytes: Uint8Array, { from, length }: { from: number; length: number }) {
    this.bytes = bytes;
    this.position = from * 8;
    this.end = length * 8;
  }

  get overrun(): boolean {
    return this.position > this.end;
  }

  /** The next 32 bits without taking them, as a signed number. */
  peek32(): number {
    const at = this.position >>> 3;
    const shift = this.position & 7;
    const bytes = this.bytes;
    if (this.position >= this.end) return 0;
    const high = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    return shift === 0 ? high : (high << shift) | (bytes[at + 4] >> (8 - shift));
  }

  /** An unsigned number of up to 32 bits. */
  read(bits: number): number {
    if (bits === 0) return 0;
    const value = this.peek32() >>> (32 - bits);
    this.position += bits;
    return value;
  }

  /** A two's complement number of up to 32 bits. */
  readSigned(bits: number): number {
    if (bits === 0) return 0;
    const value = this.peek32() >> (32 - bits);
    this.position += bits;
    return value;
  }

  /** Zeros before the next one, which is taken as well. */
  readUnary(): number {
    let zeros = 0;
    while (!this.overrun) {
      const leading = Math.clz32(this.peek32());
      if (leading < 32) {
        this.position += leading + 1;
        return zeros + leading;
      }
      zeros += 32;
      this.position += 32;
    }
    return zeros;
  }

  /** Goes on at the next whole byte; answers its index. */
  align(): number {
    this.position = (this.position + 7) & ~7;
    return this.position >>> 3;
  }
}
