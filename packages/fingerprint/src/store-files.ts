/** The few file operations a store needs; names are flat, of letters, digits, `-` and `.`. */
export interface StoreFiles {
  list(): Promise<string[]>;
  read(name: string): Promise<Uint8Array>;
  /** After this resolves the file is whole and durable; before, the old one (or none) is. */
  writeAtomic(name: string, bytes: Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
}
