import { type FileHandle, open } from 'node:fs/promises';

const CHUNK_BYTES = 64 * 1024;

/** Bytes read strictly forward. Ends are never errors: a short answer means that there is no more. */
export class ByteStream {
  readonly #source: AsyncIterator<Uint8Array>;
  #held: Uint8Array = new Uint8Array(0);
  #delivered = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Bytes handed out or skipped so far. */
  get position(): number {
    return this.#delivered - this.#held.length;
  }

  /** What is at hand, at least one byte; null at the end. */
  async next(): Promise<Uint8Array | null> {
    while (this.#held.length === 0) {
      const { done, value } = await this.#source.next();
      if (done) return null;
      this.#held = value;
      this.#delivered += value.length;
    }
    const bytes = this.#held;
    this.#held = bytes.subarray(bytes.length);
    return bytes;
  }

  /** The next `count` bytes, fewer at the end. */
  async take(count: number): Promise<Uint8Array> {
    const taken = new Uint8Array(count);
    let length = 0;
    while (length < count) {
      const bytes = await this.next();
      if (!bytes) return taken.subarray(0, length);
      const part = bytes.subarray(0, count - length);
      taken.set(part, length);
      length += part.length;
      this.#held = bytes.subarray(part.length);
    }
    return taken;
  }

  async skip(count: number): Promise<void> {
    let left = count;
    while (left > 0) {
      const bytes = await this.next();
      if (!bytes) return;
      this.#held = bytes.subarray(Math.min(left, bytes.length));
      left -= Math.min(left, bytes.length);
    }
  }

  /** Ends the source, so that it can free what it holds. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }
}

/** An open file read by position, in bounded pieces. */
export class ByteFile {
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.size = size;
  }

  /** Throws Node's own errors (ENOENT, EACCES, EISDIR). */
  static async open(path: string): Promise<ByteFile> {
    const handle = await open(path, 'r');
    const { size } = await handle.stat();
    return new ByteFile(handle, size);
  }

  /** The bytes from `offset`, fewer than `length` at the end of the file. */
  async read({ offset, length }: { offset: number; length: number }): Promise<Uint8Array> {
    const buffer = new Uint8Array(Math.max(0, Math.min(length, this.size - offset)));
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.#handle.read(buffer, filled, buffer.length - filled, offset + filled);
      // A file that shrank while it is read ends early, like a truncated one.
      if (bytesRead === 0) return buffer.subarray(0, filled);
      filled += bytesRead;
    }
    return buffer;
  }

  /** All bytes from `from` up to `to` (the end of the file), in order. */
  async *chunks({ from = 0, to = this.size, size = CHUNK_BYTES } = {}): AsyncGenerator<Uint8Array, void> {
    for (let offset = from; offset < to; ) {
      const chunk = await this.read({ offset, length: Math.min(size, to - offset) });
      if (chunk.length === 0) return;
      offset += chunk.length;
      yield chunk;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
