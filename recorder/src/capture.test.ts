import type { InputHealth } from '@pidentify/contracts';
import {
  type Arrival,
  CaptureError,
  type CaptureEvent,
  type CaptureSource,
  type InputInfo,
} from '@pidentify/platform';
import { describe, expect, it } from 'vitest';
import { createCapture } from './capture.ts';

const input: InputInfo = {
  name: 'deck',
  description: 'Deck',
  sampleRate: 1000,
  channels: 2,
  sampleFormat: 's16',
  isMonitor: false,
};

/** An input that does what the test says. */
function puppet(open: () => Promise<InputInfo>) {
  let receive: (bytes: Uint8Array, arrival: Arrival) => void = () => undefined;
  let tell: (event: CaptureEvent) => void = () => undefined;
  let closed = false;
  const source: CaptureSource = {
    open,
    onFrames: (receiver) => {
      receive = receiver;
    },
    onEvent: (receiver) => {
      tell = receiver;
    },
    close: async () => {
      closed = true;
    },
  };
  const frames = (values: number[], wallMs: number) =>
    receive(new Uint8Array(Int16Array.from(values).buffer), { wallMs, monotonicMs: wallMs });
  return { source, frames, tell: (event: CaptureEvent) => tell(event), isClosed: () => closed };
}

function bench() {
  const tape: unknown[] = [];
  const heard: number[] = [];
  const health: InputHealth[] = [];
  let stopped = 0;
  const capture = createCapture({
    tape: {
      begin: (format) => tape.push(['begin', format.sampleRate, format.bitsPerSample]),
      append: (bytes, originMs) => tape.push(['append', [...new Int16Array(bytes.slice().buffer)], originMs]),
      gap: (frames) => tape.push(['gap', frames]),
      end: () => tape.push(['end']),
    },
    ear: { begin: () => undefined, hear: (mono) => heard.push(...mono) },
    offsetSeconds: () => 0.5,
    onHealth: (state) => health.push(state),
    onStopped: () => {
      stopped += 1;
    },
  });
  return { capture, tape, heard, health, stopped: () => stopped };
}

describe('capture', () => {
  it('hands every frame to the tape as it came and to the ear as mono, with its time', async () => {
    const { capture, tape, heard, health } = bench();
    const deck = puppet(async () => input);
    await capture.turnTo(deck.source, 'deck');
    deck.frames([100, 200, -300, -500], 10_002);
    expect(tape).toEqual([
      ['begin', 1000, 16],
      ['append', [100, 200, -300, -500], 9500],
    ]);
    expect(heard.map((value) => Math.round(value * 32_768))).toEqual([150, -400]);
    expect(health.at(-1)).toMatchObject({ state: 'listening', name: 'deck', sampleRate: 1000, channels: 2 });
  });

  it('says that the input is lost, stops, and goes on in a new stream when it is back', async () => {
    const { capture, tape, health, stopped } = bench();
    const deck = puppet(async () => input);
    await capture.turnTo(deck.source, 'deck');
    deck.tell({ kind: 'lost', message: 'unplugged' });
    expect(health.at(-1)).toMatchObject({ state: 'lost', name: 'deck', message: 'unplugged' });
    deck.frames([1, 1], 0);
    deck.tell({ kind: 'back', input: { ...input, sampleRate: 2000 } });
    expect(tape).toEqual([['begin', 1000, 16], ['end'], ['begin', 2000, 16]]);
    expect(stopped()).toBe(1);
  });

  it('reports frames that are missing', async () => {
    const { capture, tape, health } = bench();
    const deck = puppet(async () => input);
    await capture.turnTo(deck.source, 'deck');
    deck.tell({ kind: 'overrun', frames: 77 });
    expect(tape.at(-1)).toEqual(['gap', 77]);
    expect(health.at(-1)?.lostFrames).toBe(77);
  });

  it.each([
    ['input_not_found', 'unknown'],
    ['no_input', 'none'],
    ['input_unusable', 'failed'],
  ] as const)('tells %s as state %s with a sentence', async (code, state) => {
    const { capture, health } = bench();
    const deck = puppet(() => Promise.reject(new CaptureError(code, 'what to do')));
    await capture.turnTo(deck.source, 'deck');
    expect(health.at(-1)).toMatchObject({ state, message: 'what to do' });
    deck.tell({ kind: 'absent', error: new CaptureError('input_unusable', 'what else to do') });
    expect(health.at(-1)).toMatchObject({ state: 'failed', message: 'what else to do' });
    deck.tell({ kind: 'back', input });
    expect(health.at(-1)).toMatchObject({ state: 'listening', message: null });
  });

  it('leaves the old input when it turns to another', async () => {
    const { capture, tape } = bench();
    const first = puppet(async () => input);
    const second = puppet(async () => input);
    await capture.turnTo(first.source, 'a');
    await capture.turnTo(second.source, 'b');
    expect(first.isClosed()).toBe(true);
    first.frames([1, 2], 0);
    expect(tape).toEqual([['begin', 1000, 16], ['end'], ['begin', 1000, 16]]);
  });
});
