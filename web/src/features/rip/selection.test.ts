import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { moveEdge, nudgeOf, proposedSelection, shortestSelection, toOffsets } from './selection.ts';
import { planPlay } from './use-player.ts';

const duration = 300;
const selection = { start: 30, end: 270 };

describe('the part that is kept', () => {
  test('starts as the server proposes it', () => {
    expect(proposedSelection({ duration_seconds: 300, start_offset: 30, end_offset: 20 })).toEqual({
      start: 30,
      end: 280,
    });
  });

  test('is the whole take when the proposal leaves nothing', () => {
    expect(proposedSelection({ duration_seconds: 40, start_offset: 30, end_offset: 30 })).toEqual({
      start: 0,
      end: 40,
    });
  });

  test('is told to the server from both ends', () => {
    expect(toOffsets({ selection: { start: 30.1234, end: 270 }, duration })).toEqual({
      start_offset: 30.123,
      end_offset: 30,
    });
  });

  test('never gets empty or leaves the take, however its edges are moved', () => {
    const edge = fc.constantFrom('start' as const, 'end' as const);
    const to = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(edge, to), { maxLength: 20 }), (moves) => {
        let kept = selection;
        for (const [edge, to] of moves) kept = moveEdge({ selection: kept, edge, to, duration });
        expect(kept.start).toBeGreaterThanOrEqual(0);
        expect(kept.end).toBeLessThanOrEqual(duration);
        expect(kept.end - kept.start).toBeGreaterThan(shortestSelection - 0.002);
      }),
    );
  });
});

test('arrow keys move an edge by 0.1 s, with Shift by 1 s', () => {
  expect(nudgeOf({ key: 'ArrowLeft', shiftKey: false })).toBe(-0.1);
  expect(nudgeOf({ key: 'ArrowRight', shiftKey: true })).toBe(1);
  expect(nudgeOf({ key: 'PageUp', shiftKey: false })).toBe(5);
  expect(nudgeOf({ key: 'Tab', shiftKey: false })).toBeNull();
});

describe('Play', () => {
  test('goes on inside the selection and stops at its end', () => {
    expect(planPlay({ at: 100, selection })).toEqual({ from: 100, until: 270 });
  });

  test('begins anew at the end, and at the start when nothing was chosen', () => {
    expect(planPlay({ at: 270, selection })).toEqual({ from: 30, until: 270 });
    expect(planPlay({ at: 0, selection })).toEqual({ from: 30, until: 270 });
  });

  test('plays on from before the start, for someone who looks for it', () => {
    expect(planPlay({ at: 12, selection })).toEqual({ from: null, until: null });
  });
});
