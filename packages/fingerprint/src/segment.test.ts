import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBatch, encodeBatch } from './batch.ts';
import { checksum } from './checksum.ts';
import { FingerprintError } from './errors.ts';
import { buildSegment, encodeSegment, openSegment } from './segment.ts';
import { fingerprintOf, tune } from './testing/tune.ts';

const entries = [
  { key: 'one', fingerprint: fingerprintOf(tune(1, 12)) },
  { key: 'zwei – 二', fingerprint: fingerprintOf(tune(2, 9)) },
];

describe('checksum', () => {
  it('agrees with the published check value of CRC-32', () => {
    expect(checksum(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(checksum(new Uint8Array(0))).toBe(0);
  });
});

describe('segment', () => {
  it('is the same from bytes as it was in memory', () => {
    const built = buildSegment(entries);
    const opened = openSegment(encodeSegment(entries));
    expect(opened.entries.map((entry) => entry.key)).toEqual(['one', 'zwei – 二']);
    expect(opened.postings.bytes).toEqual(built.postings.bytes);
    expect(opened.postings.relative).toEqual(built.postings.relative);
  });

  it('opens at any place of a larger buffer', () => {
    const bytes = encodeSegment(entries);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(openSegment(shifted.subarray(3)).entries).toHaveLength(2);
    expect(openSegment(Buffer.from(shifted.buffer).subarray(3)).entries).toHaveLength(2);
  });

  it('knows which track a place belongs to, also before its beginning', () => {
    const segment = buildSegment(entries);
    const { entry, frame } = segment.locate(300);
    expect([entry.key, frame]).toEqual(['one', 0]);
    expect(segment.locate(299)).toMatchObject({ frame: -2 });
    expect(segment.locate(segment.postings.units - 301).entry.key).toBe('zwei – 二');
  });

  it('may be empty', () => {
    expect(openSegment(encodeSegment([])).entries).toEqual([]);
  });

  it('notices any changed, lost or added byte', () => {
    const bytes = encodeBatch(entries);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = bytes.slice();
        changed[at] ^= change;
        expect(() => decodeBatch(changed)).toThrow(FingerprintError);
        expect(() => decodeBatch(bytes.subarray(0, at))).toThrow(FingerprintError);
      }),
    );
    const segment = encodeSegment(entries);
    fc.assert(
      fc.property(fc.nat(segment.length - 1), (at) => {
        const changed = segment.slice();
        changed[at] ^= 0x41;
        expect(() => openSegment(changed)).toThrow(FingerprintError);
      }),
      { numRuns: 30 },
    );
    expect(() => openSegment(new Uint8Array([...segment.subarray(0, 500_000)]))).toThrow(FingerprintError);
  });
});
