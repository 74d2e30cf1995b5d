import { checksum } from './checksum.ts';
import { FingerprintError } from './errors.ts';

/** `batch`: tracks only, paired in memory on opening. `segment`: with its inverted index. */
export type PartKind = 'batch' | 'segment';

export interface PartRecord {
  readonly name: string;
  readonly kind: PartKind;
  /** Keys of the part's tracks that are gone or were replaced by a later part. */
  readonly removed: readonly string[];
}

/** What the store consists of: it is replaced last, so whatever it names is whole. */
export interface Manifest {
  /** Number for the next part's name; never given twice. */
  readonly next: number;
  readonly parts: readonly PartRecord[];
}

export const MANIFEST_NAME = 'manifest';
export const EMPTY_MANIFEST: Manifest = { next: 1, parts: [] };

/** One line with the checksum of the rest, then JSON. */
export function encodeManifest(manifest: Manifest): Uint8Array {
  const body = JSON.stringify({ version: 1, ...manifest });
  return new TextEncoder().encode(`${sumOf(body)}\n${body}`);
}

/** @throws FingerprintError `manifest_damaged` */
export function decodeManifest(bytes: Uint8Array): Manifest {
  const text = new TextDecoder().decode(bytes);
  const lineEnd = text.indexOf('\n');
  const body = text.slice(lineEnd + 1);
  if (lineEnd < 0 || text.slice(0, lineEnd) !== sumOf(body)) {
    throw new FingerprintError('manifest_damaged', 'checksum differs');
  }
  const parsed: unknown = JSON.parse(body);
  if (!isManifest(parsed)) throw new FingerprintError('manifest_damaged', 'not of this version');
  return { next: parsed.next, parts: parsed.parts };
}

function sumOf(body: string): string {
  return checksum(new TextEncoder().encode(body)).toString(16);
}

function isManifest(value: unknown): value is Manifest {
  if (!isRecord(value)) return false;
  return value.version === 1 && Number.isInteger(value.next) && isArrayOf(value.parts, isPart);
}

function isPart(value: unknown): value is PartRecord {
  if (!isRecord(value)) return false;
  const { name, kind, removed } = value;
  return typeof name === 'string' && (kind === 'batch' || kind === 'segment') && isArrayOf(removed, isString);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isArrayOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}
