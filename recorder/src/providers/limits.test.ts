import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createGate, type GateMemory, gateMemorySchema, type Outcome } from './limits.ts';
import { createBreaker } from './limits-breaker.ts';
import { createBucket } from './limits-bucket.ts';
import { localDay, nextMidnightMs } from './limits-day.ts';

const noon = new Date(2026, 10, 26, 12).getTime();
const second = 1000;
const minute = 60 * second;
const fault: Outcome = { trouble: 'fault', why: 'HTTP 500' };

function gateWith({ budget = 100, recalled = null as GateMemory | null, most = 1000, random = 0.5 } = {}) {
  const kept: GateMemory[] = [];
  const gate = createGate({
    budget: () => budget,
    bucket: { most, everyMs: second },
    random: () => random,
    recalled,
    remember: (memory) => kept.push(memory),
  });
  const call = (nowMs: number, outcome: Outcome) => {
    gate.begin(nowMs);
    gate.end(nowMs, outcome);
  };
  return { gate, kept, call };
}

describe('the daily budget', () => {
  it('is used up by calls, however they end, and is whole again at local midnight', () => {
    const { gate, call } = gateWith({ budget: 2 });
    call(noon, 'answered');
    call(noon, { trouble: 'sound', why: 'too quiet' });
    expect(gate.look(noon)).toMatchObject({ state: 'budget_used', untilMs: nextMidnightMs(noon) });
    expect(gate.look(nextMidnightMs(noon) - 1).state).toBe('budget_used');
    expect(gate.look(nextMidnightMs(noon)).state).toBe('ready');
    expect(gate.callsToday(nextMidnightMs(noon))).toBe(0);
  });

  it('is not given back by a restart, and neither is a time to wait', () => {
    const { kept, call } = gateWith({ budget: 2 });
    call(noon, 'answered');
    call(noon, { trouble: 'busy', why: 'too many', waitMs: 5 * minute });
    const again = gateWith({ budget: 3, recalled: kept.at(-1) });
    expect(again.gate.callsToday(noon)).toBe(2);
    const waiting = { state: 'waiting', why: 'too many', untilMs: noon + 5 * minute };
    expect(again.gate.look(noon)).toEqual(waiting);
    expect(again.gate.look(noon + 5 * minute).state).toBe('ready');
  });

  it('and every other limit holds for a process that is started again and again', () => {
    const { kept, call } = gateWith({ most: 1 });
    call(noon, 'answered');
    expect(gateWith({ most: 1, recalled: kept.at(-1) }).gate.look(noon).state).toBe('waiting');
    expect(gateWith({ most: 1, recalled: kept.at(-1) }).gate.look(noon + second).state).toBe('ready');

    let memory = kept.at(-1) ?? null;
    for (let i = 0; i < 3; i += 1) {
      const again = gateWith({ recalled: memory });
      again.call(noon, fault);
      memory = again.kept.at(-1) ?? null;
    }
    const failing = gateWith({ recalled: memory }).gate;
    expect(failing.look(noon)).toEqual({ state: 'failing', why: 'HTTP 500', untilMs: noon + 30 * second });
    expect(failing.look(noon - 48 * 60 * minute).state).not.toBe('failing');

    const refused = gateWith();
    refused.call(noon, { trouble: 'key', why: 'It does not know the key.' });
    expect(gateWith({ recalled: refused.kept.at(-1) }).gate.look(noon)).toMatchObject({
      state: 'key_refused',
      why: 'It does not know the key.',
    });
  });

  it('is never exceeded, whatever happens', () => {
    const outcomes = fc.constantFrom<Outcome>(
      'answered',
      fault,
      { trouble: 'sound', why: '' },
      { trouble: 'busy', why: '', waitMs: 3000 },
    );
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 4 * 3_600_000 }), outcomes), { maxLength: 80 }),
        (budget, steps) => {
          let nowMs = noon;
          let memory: GateMemory | null = null;
          const days = new Map<string, number>();
          for (const [pause, outcome] of steps) {
            nowMs += pause;
            // A new gate each time: as if the process had been started anew.
            const { gate, kept, call } = gateWith({ budget, recalled: memory });
            if (gate.look(nowMs).state !== 'ready') continue;
            call(nowMs, outcome);
            memory = kept.at(-1) ?? null;
            days.set(localDay(nowMs), (days.get(localDay(nowMs)) ?? 0) + 1);
          }
          return [...days.values()].every((calls) => calls <= budget);
        },
      ),
    );
  });
});

describe('a service that says wait', () => {
  it('is left alone as long as it says, a minute without a time, and never for more than a day', () => {
    for (const [waitMs, expected] of [
      [7 * second, 7 * second],
      [undefined, minute],
      [90 * 24 * 60 * minute, 24 * 60 * minute],
    ] as const) {
      const { gate, call } = gateWith();
      call(noon, { trouble: 'busy', why: 'too many', ...(waitMs !== undefined && { waitMs }) });
      expect(gate.look(noon + expected - 1)).toMatchObject({ state: 'waiting', why: 'too many' });
      expect(gate.look(noon + expected).state).toBe('ready');
    }
  });

  it('that has no more for today is asked again tomorrow', () => {
    const { gate, call } = gateWith();
    call(noon, { trouble: 'quota', why: 'limit reached' });
    expect(gate.look(noon)).toMatchObject({ state: 'waiting', untilMs: nextMidnightMs(noon) });
  });

  it('is not left alone for ever when the clock is set back', () => {
    const { gate, call } = gateWith();
    call(noon, { trouble: 'busy', why: '', waitMs: 60 * minute });
    expect(gate.look(noon - 48 * 60 * minute).state).toBe('ready');
  });
});

describe('a memory of before the reason of a wait was kept', () => {
  it('keeps every limit', () => {
    const { kept, call } = gateWith({ budget: 2 });
    call(noon, { trouble: 'busy', why: 'too many', waitMs: minute });
    const { waitWhy, ...old } = kept[kept.length - 1];
    expect(waitWhy).toBe('too many');
    const { gate } = gateWith({ budget: 2, recalled: gateMemorySchema.parse(old) });
    expect(gate.look(noon)).toMatchObject({ state: 'waiting', why: expect.stringMatching(/left alone/) });
    expect(gate.callsToday(noon)).toBe(1);
  });
});

describe('a refused key', () => {
  const day = 24 * 60 * minute;
  const refused: Outcome = { trouble: 'key', why: 'It does not know the key.' };

  it('is left alone for a day and then tried once, also by a process that goes on', () => {
    const { gate, call } = gateWith();
    call(noon, refused);
    const state = { state: 'key_refused', why: 'It does not know the key.' };
    expect(gate.look(noon)).toEqual({ ...state, untilMs: noon + day });
    expect(gate.look(noon + day - 1)).toEqual({ ...state, untilMs: noon + day });
    expect(gate.look(noon + day).state).toBe('ready');
    call(noon + day, refused);
    expect(gate.look(noon + day)).toEqual({ ...state, untilMs: noon + 2 * day });
  });

  it('is forgotten once it is known, and when the clock was set back further', () => {
    const { gate, kept, call } = gateWith();
    call(noon, refused);
    expect(gate.look(noon - day).state).toBe('ready');
    call(noon + day, 'answered');
    expect(kept.at(-1)?.refused).toBeNull();
  });

  it('may be tried again when it was given anew, within all other limits', () => {
    const { gate, kept, call } = gateWith({ budget: 1 });
    call(noon, refused);
    gate.forgetRefusal();
    expect(gate.look(noon).state).toBe('budget_used');
    expect(kept.at(-1)).toMatchObject({ refused: null, calls: 1 });
  });
});

describe('the circuit', () => {
  it('opens after three failures in a row, lets one call try, and closes when it succeeds', () => {
    const { gate, call } = gateWith();
    call(noon, fault);
    call(noon, fault);
    call(noon, 'answered');
    call(noon, fault);
    call(noon, fault);
    expect(gate.look(noon).state).toBe('ready');
    call(noon, fault);
    expect(gate.look(noon)).toEqual({ state: 'failing', why: 'HTTP 500', untilMs: noon + 30 * second });
    const later = noon + 30 * second;
    expect(gate.look(later).state).toBe('ready');
    gate.begin(later);
    expect(gate.look(later).state).toBe('waiting');
    gate.end(later, 'answered');
    expect(gate.look(later).state).toBe('ready');
  });

  it('stays open twice as long each time a try fails, up to an hour, give or take a quarter', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 12 }), (luck) => {
        const values = luck.values();
        const breaker = createBreaker(() => values.next().value ?? 0.5);
        let nowMs = noon;
        for (let i = 0; i < 3; i += 1) breaker.fault(nowMs);
        for (let opening = 0; opening < 10; opening += 1) {
          const state = breaker.state(nowMs);
          if (state.state !== 'open') return false;
          const pause = state.untilMs - nowMs;
          const nominal = Math.min(60 * minute, 30 * second * 2 ** opening);
          if (pause < nominal * 0.75 || pause > nominal * 1.25) return false;
          nowMs = state.untilMs;
          if (!breaker.lets(nowMs)) return false;
          breaker.begin();
          if (breaker.lets(nowMs)) return false;
          breaker.fault(nowMs);
        }
        return true;
      }),
    );
  });

  it.each([
    [0, 22.5],
    [0.5, 30],
    [0.999, 37.485],
  ])('stays open for a time that chance makes shorter or longer: %d gives %d s', (luck, seconds) => {
    const breaker = createBreaker(() => luck);
    for (let i = 0; i < 3; i += 1) breaker.fault(noon);
    expect(breaker.state(noon)).toEqual({ state: 'open', untilMs: noon + seconds * second });
  });

  it('is not blocked by a try that told nothing', () => {
    const breaker = createBreaker(() => 0.5);
    for (let i = 0; i < 3; i += 1) breaker.fault(noon);
    breaker.begin();
    breaker.undecided();
    expect(breaker.lets(noon + minute)).toBe(true);
  });
});

describe('the bucket', () => {
  it('never lets through more than its size and one each interval', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 100, max: 30_000 }),
        fc.array(fc.integer({ min: 0, max: 40_000 }), { maxLength: 100 }),
        (most, everyMs, pauses) => {
          const bucket = createBucket({ most, everyMs });
          let nowMs = noon;
          const taken: number[] = [];
          for (const pause of pauses) {
            nowMs += pause;
            if (bucket.freeMs(nowMs) > nowMs) continue;
            bucket.take(nowMs);
            taken.push(nowMs);
          }
          return taken.every((from, first) =>
            taken
              .slice(first)
              .every((to, count) => count + 1 <= most + Math.floor((to - from) / everyMs + 1e-3)),
          );
        },
      ),
    );
  });

  it('tells when it is free again', () => {
    const bucket = createBucket({ most: 1, everyMs: 20 * second });
    bucket.take(noon);
    expect(bucket.freeMs(noon + 5 * second)).toBe(noon + 20 * second);
    expect(bucket.freeMs(noon + 20 * second)).toBe(noon + 20 * second);
  });
});
