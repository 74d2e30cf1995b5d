import type { StoreFiles } from '../store-files.ts';

/** Files in memory. `failAfter` writes and removals the power is cut: nothing is changed any more. */
export class MemoryFiles implements StoreFiles {
  readonly contents = new Map<string, Uint8Array>();
  failAfter = Number.POSITIVE_INFINITY;

  async list(): Promise<string[]> {
    return [...this.contents.keys()];
  }

  async read(name: string): Promise<Uint8Array> {
    const bytes = this.contents.get(name);
    if (bytes === undefined) throw new Error(`no file ${name}`);
    return bytes;
  }

  async writeAtomic(name: string, bytes: Uint8Array): Promise<void> {
    this.#spend();
    this.contents.set(name, bytes.slice());
  }

  async remove(name: string): Promise<void> {
    this.#spend();
    this.contents.delete(name);
  }

  #spend(): void {
    if (this.failAfter-- <= 0) throw new Error('power cut');
  }
}
