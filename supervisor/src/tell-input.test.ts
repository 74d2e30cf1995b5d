import { type Bus, connectBus, type RespServer, startRespServer } from '@pidentify/bus';
import type { InputHealth, RecorderSnapshot } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tellInput } from './tell-input.ts';

const access = { username: 'pid', password: 'secret' };
let server: RespServer;
let ours: Bus;
let theirs: Bus;
let told: string[];
let end: () => void;

const open = () =>
  new Promise<Bus>((resolve) => {
    const bus = connectBus({ ...server, ...access, service: 'test', log: () => undefined });
    bus.onConnection((now) => now === 'connected' && resolve(bus));
  });

beforeEach(async () => {
  server = await startRespServer({ host: '127.0.0.1', port: 0, ...access });
  [ours, theirs] = [await open(), await open()];
  told = [];
  end = tellInput({ bus: ours, tell: (sentence) => told.push(sentence) });
  // A subscription of ours that is there tells that those before it are.
  await ours.subscribe('recorder.level', () => undefined).active;
});
afterEach(async () => {
  end();
  ours.close();
  theirs.close();
  await server.close();
});

const nothing: InputHealth = { state: 'opening', name: null, sampleRate: null, channels: null, level: null };
const hear = (input: Partial<InputHealth>) => {
  const snapshot: RecorderSnapshot = {
    phase: 'waiting',
    message: '',
    now_playing: null,
    scan_ends: null,
    next_scan: null,
    input: { ...nothing, ...input },
    index: { state: 'ready', tracks: 1, hours: 1, progress: 1 },
    providers: [],
  };
  return theirs.publish('recorder.snapshot', snapshot);
};

describe('what is told of the input', () => {
  it('is each trouble once, and that it is over', async () => {
    const listening = { state: 'listening', name: 'usb', description: 'USB turntable' } as const;
    await hear({ state: 'unknown', message: 'There is no input named "usb".' });
    await hear({ state: 'unknown', message: 'There is no input named "usb".', level: 0 });
    await hear({ ...listening, message: null });
    await hear({ ...listening, level: 0.5 });
    await hear({ state: 'lost', message: 'The input "USB turntable" went away.' });
    await hear({ state: 'opening' });
    await hear({ state: 'lost', message: 'The input "USB turntable" went away.' });
    await hear(listening);
    const all = [
      'There is no input named "usb".',
      'Listening to USB turntable.',
      'The input "USB turntable" went away.',
      'Listening to USB turntable.',
    ];
    await expect.poll(() => told).toEqual(all);
  });

  it('is nothing while all is well', async () => {
    await hear({ state: 'opening' });
    await hear({ state: 'listening', name: 'usb' });
    await hear({ state: 'ended' });
    await hear({ state: 'failed', message: 'the last' });
    await expect.poll(() => told).toEqual(['the last']);
  });
});
