import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type CaptureEvent, type CaptureSource, type InputInfo, systemInputs } from './index.ts';
import {
  judgeCapture,
  keepBusy,
  numberedFrames,
  numbersIn,
  type PulseRig,
  type RigSink,
  startPulseRig,
} from './testing/index.ts';

/** Long, because the machine may be busy; it ends as soon as it is true. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 12_000 });

const noHelper = {
  list: () => [],
  event: () => {
    throw new Error('no helper runs here');
  },
};

const inputsAt = (env: Record<string, string>) =>
  systemInputs({ platform: 'linux', env, home: '/nonexistent', helperParser: noHelper });

const sinks: RigSink[] = [
  { name: 'turntable' },
  { name: 'hires', rate: 96_000, format: 's24le' },
  { name: 'float', rate: 48_000, format: 'float32le' },
];

describe('capture from PulseAudio', () => {
  let rig: PulseRig;
  let open: CaptureSource[] = [];
  beforeAll(async () => {
    rig = await startPulseRig({ sinks });
  });
  afterAll(() => rig.stop());
  afterEach(async () => {
    await Promise.all(open.map((source) => source.close()));
    open = [];
  });

  const capture = (name: string, wishes: { sampleRate?: number; channels?: number } = {}) => {
    const source = inputsAt(rig.env).capture({ name, ...wishes });
    const heard = { blocks: [] as Uint8Array[], events: [] as CaptureEvent[], arrivals: [] as number[] };
    source.onFrames((bytes, { monotonicMs }) => {
      heard.blocks.push(bytes);
      heard.arrivals.push(monotonicMs);
    });
    source.onEvent((event) => heard.events.push(event));
    open.push(source);
    return { source, heard };
  };

  it('lists the inputs with their own formats', async () => {
    const inputs = await inputsAt(rig.env).listInputs();
    expect(inputs[0]).toEqual({
      name: 'turntable.monitor',
      description: 'Monitor of turntable',
      sampleRate: 44_100,
      channels: 2,
      sampleFormat: 's16',
      isMonitor: true,
    });
    expect(inputs.map(({ sampleRate, sampleFormat }) => [sampleRate, sampleFormat])).toEqual([
      [44_100, 's16'],
      [96_000, 's24'],
      [48_000, 'f32'],
    ]);
  });

  it('takes the default input when none is named', async () => {
    expect(await inputsAt(rig.env).defaultInput()).toBe('turntable.monitor');
    const { source } = capture('');
    expect((await source.open()).name).toBe('turntable.monitor');
  });

  it('loses and alters no frame in any format while JavaScript is busy for 2 s', async () => {
    const runs = [
      { sink: 'turntable', format: 's16le', rate: 44_100 },
      { sink: 'hires', format: 's24le', rate: 96_000 },
      { sink: 'float', format: 'float32le', rate: 48_000 },
    ] as const;
    const captures = runs.map(({ sink }) => capture(rig.sourceOf(sink)));
    await Promise.all(captures.map(({ source }) => source.open()));
    await eventually(() => captures.every(({ heard }) => heard.blocks.length > 0)).toBe(true);
    const controls = runs.map(({ sink }) => rig.control(sink));
    await pause(300);
    const playing = runs.map(({ sink, format, rate }) => rig.play(sink, numberedFrames(format, rate * 4)));
    await pause(600);
    keepBusy(500);
    await pause(300);
    keepBusy(2_000);
    await Promise.all(playing);
    await pause(500);
    const results = [];
    for (const [run, { format, rate }] of runs.entries()) {
      const control = numbersIn(format, await controls[run].stop());
      const numbers = numbersIn(format, captures[run].heard.blocks);
      results.push({
        ...judgeCapture(control, numbers, rate * 4),
        events: captures[run].heard.events.filter(({ kind }) => kind !== 'overrun'),
      });
    }
    const perfect = { onlyInControl: 0, outOfOrder: 0, enough: true, events: [] };
    expect(results).toEqual([perfect, perfect, perfect]);
  });

  it('delivers many small blocks a second', async () => {
    const { source, heard } = capture('turntable.monitor');
    await source.open();
    await eventually(() => heard.blocks.length).toBeGreaterThan(20);
    expect(heard.arrivals[20] - heard.arrivals[10]).toBeLessThan(1_600);
    expect(heard.blocks.every((block) => block.length % 4 === 0)).toBe(true);
  });

  it('delivers in the wished rate and channels', async () => {
    const { source } = capture('turntable.monitor', { sampleRate: 22_050, channels: 1 });
    expect(await source.open()).toMatchObject({ sampleRate: 22_050, channels: 1 });
  });

  it('refuses an unknown name with the names there are, and takes it when it comes', async () => {
    const { source, heard } = capture('late.monitor');
    await expect(source.open()).rejects.toMatchObject({
      code: 'input_not_found',
      names: ['turntable.monitor', 'hires.monitor', 'float.monitor'],
      message: expect.stringContaining('There are: turntable.monitor'),
    });
    await rig.addSink({ name: 'late' });
    await eventually(() => heard.events).toMatchObject([{ kind: 'back', input: { name: 'late.monitor' } }]);
    await rig.removeSink('late');
    await eventually(() => heard.events[1]?.kind).toBe('lost');
  });

  it('waits for an input that was unplugged, and never takes another one', async () => {
    await rig.addSink({ name: 'usb' });
    const { source, heard } = capture('usb.monitor');
    await source.open();
    await eventually(() => heard.blocks.length).toBeGreaterThan(0);
    await rig.removeSink('usb');
    await eventually(() => heard.events).toMatchObject([{ kind: 'lost' }]);
    const before = heard.blocks.length;
    await pause(400);
    expect(heard.blocks.length).toBe(before);
    await rig.addSink({ name: 'usb', rate: 48_000 });
    await eventually(() => heard.events[1]).toMatchObject({ kind: 'back', input: { sampleRate: 48_000 } });
    await eventually(() => heard.blocks.length).toBeGreaterThan(before);
    await rig.removeSink('usb');
  });

  it('tells of inputs that come and go', async () => {
    const seen: InputInfo[][] = [];
    const stop = inputsAt(rig.env).watchInputs((inputs) => seen.push(inputs));
    const names = () => seen.at(-1)?.map(({ name }) => name);
    await eventually(names).toHaveLength(3);
    await rig.addSink({ name: 'usb' });
    await eventually(names).toContain('usb.monitor');
    await rig.removeSink('usb');
    await eventually(names).not.toContain('usb.monitor');
    stop();
  });
});

describe('capture when the sound server comes and goes', () => {
  it('says what to do when none answers, and begins when one does', async () => {
    const rig = await startPulseRig({ sinks: [{ name: 'turntable' }] });
    await rig.kill();
    const source = inputsAt(rig.env).capture({ name: '' });
    const events: CaptureEvent[] = [];
    source.onEvent((event) => events.push(event));
    await expect(source.open()).rejects.toMatchObject({
      code: 'no_input',
      message: expect.stringContaining('with the option --input file:PATH'),
    });
    expect(await inputsAt(rig.env).listInputs()).toEqual([]);
    expect(await inputsAt(rig.env).defaultInput()).toBeNull();
    await rig.restart();
    await eventually(() => events).toMatchObject([{ kind: 'back' }]);
    await source.close();
    await rig.stop();
  });

  it('is back by itself after the server was killed', async () => {
    const rig = await startPulseRig({ sinks: [{ name: 'turntable' }] });
    const source = inputsAt(rig.env).capture({ name: 'turntable.monitor' });
    const events: CaptureEvent[] = [];
    source.onEvent((event) => events.push(event));
    await source.open();
    await rig.kill();
    await eventually(() => events.map(({ kind }) => kind)).toEqual(['lost']);
    await rig.restart();
    await eventually(() => events.map(({ kind }) => kind)).toEqual(['lost', 'back']);
    await source.close();
    await rig.stop();
  });

  it('can be closed while it waits', async () => {
    const source = inputsAt({ PULSE_SERVER: 'unix:/nonexistent' }).capture({ name: '' });
    await expect(source.open()).rejects.toMatchObject({ code: 'no_input' });
    await source.close();
  });
});

describe('systems whose capture helper is missing', () => {
  it('have no inputs and say what to do', async () => {
    const inputs = systemInputs({ platform: 'windows', env: {}, home: 'C:\\', helperParser: noHelper });
    expect(await inputs.listInputs()).toEqual([]);
    await expect(inputs.capture({ name: '' }).open()).rejects.toMatchObject({ code: 'no_input' });
  });
});
