import { encodeBatch, type TrackEntry } from './batch.ts';
import { FingerprintError } from './errors.ts';
import { decodeManifest, EMPTY_MANIFEST, encodeManifest, MANIFEST_NAME, type PartKind } from './manifest.ts';
import { type Clip, type Match, Matcher, type QueryOptions, type RankedCandidate } from './match.ts';
import { LARGEST_SEGMENT_SECONDS, partsToMerge } from './merge-policy.ts';
import { liveEntries, openPart, type Part, recordOf, secondsOf } from './part.ts';
import { buildSegment, encodeSegment, type Segment } from './segment.ts';
import type { StoreFiles } from './store-files.ts';
import type { TrackFingerprint } from './track-fingerprint.ts';

/**
 * `ready`: all is there. `damaged`: the files named were unusable and are left out; what `has()` does
 * not know any more is to be added again.
 */
export type StoreState =
  | { readonly state: 'ready' }
  | { readonly state: 'damaged'; readonly files: readonly string[] };

export interface StoreStats {
  readonly tracks: number;
  readonly hours: number;
  /** Size of all files. */
  readonly bytes: number;
}

/**
 * The index of a music library. New tracks go into small files of their own, which are merged into
 * larger immutable segments now and then; removed ones are struck out until the next merge. The
 * manifest is replaced after what it names is written, and before what it no longer names is removed,
 * so a crash at any moment leaves either the old index or the new one.
 */
export class IndexStore {
  readonly #files: StoreFiles;
  readonly #matcher = new Matcher();
  #parts: Part[] | null = null;
  #next = EMPTY_MANIFEST.next;
  #home = new Map<string, { part: Part; entry: TrackEntry }>();
  /** All batches as one segment; null when they changed since it was built. */
  #fresh: Segment | null = null;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(files: StoreFiles) {
    this.#files = files;
  }

  /** Reads the store; one that does not exist yet is empty and `ready`. */
  open(): Promise<StoreState> {
    return this.#inTurn(async () => {
      const names = new Set(await this.#files.list());
      const bad: string[] = [];
      const manifest = names.has(MANIFEST_NAME)
        ? await this.#tryRead(MANIFEST_NAME, decodeManifest, bad)
        : EMPTY_MANIFEST;
      const parts: Part[] = [];
      for (const record of manifest?.parts ?? []) {
        if (!names.has(record.name)) bad.push(record.name);
        else {
          const part = await this.#tryRead(record.name, (bytes) => openPart(record, bytes), bad);
          if (part !== null) parts.push(part);
        }
      }
      this.#next = manifest?.next ?? numberAfter(names);
      this.#adopt(parts);
      if (bad.length > 0) await this.#writeManifest(parts);
      const kept = new Set([MANIFEST_NAME, ...parts.map((part) => part.name)]);
      for (const name of names) if (isPartName(name) && !kept.has(name)) await this.#files.remove(name);
      return bad.length === 0 ? { state: 'ready' } : { state: 'damaged', files: bad };
    });
  }

  has(key: string): boolean {
    return this.#home.has(key);
  }

  keys(): IterableIterator<string> {
    return this.#home.keys();
  }

  /** The fingerprint as it was added, for whoever wants to compare tracks. */
  get(key: string): TrackFingerprint | null {
    return this.#home.get(key)?.entry.fingerprint ?? null;
  }

  stats(): StoreStats {
    const seconds = [...this.#home.values()].reduce((sum, { entry }) => sum + entry.fingerprint.seconds, 0);
    const bytes = this.#opened().reduce((sum, part) => sum + part.bytes, 0);
    return { tracks: this.#home.size, hours: seconds / 3600, bytes };
  }

  /** Durable once it resolves. A track of the same key is replaced. Many at once cost one write. */
  add(...entries: TrackEntry[]): Promise<void> {
    return this.#inTurn(async () => {
      if (entries.length === 0) return;
      const last = new Map(entries.map((entry) => [entry.key, entry]));
      const part = await this.#writePart('batch', [...last.values()]);
      await this.#commit([...this.#opened(), part], [...last.keys()]);
      const merged = partsToMerge(this.#opened());
      if (merged.length > 0) await this.#merge(merged);
    });
  }

  remove(...keys: string[]): Promise<void> {
    return this.#inTurn(async () => {
      const known = keys.filter((key) => this.has(key));
      if (known.length > 0) await this.#commit(this.#opened(), known);
    });
  }

  /** Rewrites all into as few segments as may be, without what was removed. */
  compact(): Promise<void> {
    return this.#inTurn(() => this.#merge(this.#opened()));
  }

  query(clip: Clip, options?: QueryOptions): Match | null {
    return this.#matcher.query(this.#segments(), clip, { isLive: this.#isLive, ...options });
  }

  /** As `Matcher.rank`: the best place of each track, whether believable or not. */
  rank(clip: Clip, options?: QueryOptions): RankedCandidate[] {
    return this.#matcher.rank(this.#segments(), clip, { isLive: this.#isLive, ...options });
  }

  #isLive = (segment: Segment, key: string): boolean => {
    const part = this.#home.get(key)?.part;
    return part !== undefined && (part.segment ?? this.#fresh) === segment;
  };

  #segments(): Segment[] {
    const parts = this.#opened();
    const batches = parts.filter((part) => part.segment === null);
    if (this.#fresh === null && batches.length > 0) this.#fresh = buildSegment(batches.flatMap(liveEntries));
    const segments = parts.flatMap((part) => part.segment ?? []);
    return this.#fresh === null ? segments : [...segments, this.#fresh];
  }

  async #merge(merged: readonly Part[]): Promise<void> {
    const written: Part[] = [];
    for (const entries of groupsUpTo(LARGEST_SEGMENT_SECONDS, merged.flatMap(liveEntries))) {
      written.push(await this.#writePart('segment', entries));
    }
    await this.#commit([...this.#opened().filter((part) => !merged.includes(part)), ...written], []);
    for (const part of merged) await this.#files.remove(part.name);
  }

  async #writePart(kind: PartKind, entries: readonly TrackEntry[]): Promise<Part> {
    const bytes = kind === 'batch' ? encodeBatch(entries) : encodeSegment(entries);
    const name = `${kind}-${this.#next++}`;
    await this.#files.writeAtomic(name, bytes);
    return openPart({ name, kind, removed: [] }, bytes);
  }

  /** Makes `parts` the index, with the tracks of `gone` struck out where they have been until now. */
  async #commit(parts: Part[], gone: readonly string[]): Promise<void> {
    const struck = gone.flatMap((key) => this.#home.get(key) ?? []);
    for (const { part, entry } of struck) part.removed.add(entry.key);
    try {
      await this.#writeManifest(parts);
    } catch (error) {
      for (const { part, entry } of struck) part.removed.delete(entry.key);
      throw error;
    }
    this.#adopt(parts);
  }

  async #writeManifest(parts: readonly Part[]): Promise<void> {
    const manifest = encodeManifest({ next: this.#next, parts: parts.map(recordOf) });
    await this.#files.writeAtomic(MANIFEST_NAME, manifest);
  }

  #adopt(parts: Part[]): void {
    this.#parts = parts;
    this.#fresh = null;
    this.#home = new Map();
    for (const part of parts)
      for (const entry of liveEntries(part)) this.#home.set(entry.key, { part, entry });
  }

  async #tryRead<T>(name: string, decode: (bytes: Uint8Array) => T, bad: string[]): Promise<T | null> {
    const bytes = await this.#files.read(name);
    try {
      return decode(bytes);
    } catch (error) {
      if (!(error instanceof FingerprintError)) throw error;
      bad.push(name);
      return null;
    }
  }

  #opened(): Part[] {
    if (this.#parts === null) throw new FingerprintError('store_not_open', 'open() was not awaited');
    return this.#parts;
  }

  /** One change at a time, whoever asks. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work);
    this.#queue = Promise.allSettled([done]);
    return done;
  }
}

/** What a crash left over may be removed; anything else in the folder is not the store's. */
function isPartName(name: string): boolean {
  return /^(batch|segment)-\d+$/.test(name);
}

/** After a lost manifest: a number that no file left over bears. */
function numberAfter(names: ReadonlySet<string>): number {
  return Math.max(0, ...[...names].map((name) => Number(name.split('-')[1]) || 0)) + 1;
}

function groupsUpTo(seconds: number, entries: readonly TrackEntry[]): TrackEntry[][] {
  const groups: TrackEntry[][] = [];
  let room = 0;
  for (const entry of entries) {
    room -= secondsOf([entry]);
    if (room < 0 || groups.length === 0) {
      groups.push([]);
      room = seconds - secondsOf([entry]);
    }
    groups[groups.length - 1].push(entry);
  }
  return groups;
}
