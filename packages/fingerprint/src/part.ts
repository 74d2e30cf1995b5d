import { decodeBatch, type TrackEntry } from './batch.ts';
import type { PartKind, PartRecord } from './manifest.ts';
import { openSegment, type Segment } from './segment.ts';

/** One file of the store, opened. */
export interface Part {
  readonly name: string;
  readonly kind: PartKind;
  readonly bytes: number;
  readonly entries: readonly TrackEntry[];
  /** Null for a batch: all batches together are one segment in memory. */
  readonly segment: Segment | null;
  readonly removed: Set<string>;
}

/** @throws FingerprintError when the bytes are damaged */
export function openPart({ name, kind, removed }: PartRecord, bytes: Uint8Array): Part {
  const segment = kind === 'segment' ? openSegment(bytes) : null;
  const entries = segment === null ? decodeBatch(bytes) : segment.entries;
  return { name, kind, bytes: bytes.length, entries, segment, removed: new Set(removed) };
}

export function recordOf({ name, kind, removed }: Part): PartRecord {
  return { name, kind, removed: [...removed] };
}

export function liveEntries(part: Part): TrackEntry[] {
  return part.entries.filter((entry) => !part.removed.has(entry.key));
}

export function secondsOf(entries: readonly TrackEntry[]): number {
  return entries.reduce((sum, entry) => sum + entry.fingerprint.seconds, 0);
}
