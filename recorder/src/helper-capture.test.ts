import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { captureHelperParser } from '@pidentify/contracts';
import {
  type CaptureEvent,
  type CaptureQuestion,
  type CaptureSource,
  findCaptureHelper,
  type Inputs,
  resolveFolders,
  systemInputs,
} from '@pidentify/platform';
import {
  judgeCapture,
  keepBusy,
  numberedFrames,
  numbersIn,
  type PulseRig,
  startPulseRig,
} from '@pidentify/platform/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

/** Long, because the machine may be busy; it ends as soon as it is true. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 20_000 });

/** The compiled helper; tests must not pass without it. */
function requireHelper(): string {
  const { env } = process;
  const { cache } = resolveFolders({ platform: 'linux', env, home: homedir(), cwd: process.cwd() });
  const path = findCaptureHelper({ platform: 'linux', env, cache });
  if (!path) throw new Error('No capture helper on this machine: run "npm test" once to compile it.');
  return path;
}

/** The inputs of a Linux where no sound server answers; the helper's own are the same on every system. */
const withoutServer = (env: Record<string, string | undefined>, platform: 'linux' | 'macos' = 'linux') =>
  systemInputs({
    platform,
    env: { ...env, PULSE_SERVER: 'unix:/nonexistent', PIDENTIFY_CAPTURE: requireHelper() },
    home: '/nonexistent',
    helperParser: captureHelperParser,
  });

describe('capture by the helper', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'pidentify-alsa-'));
  let rig: PulseRig;
  let helper: { path: string; env: Record<string, string | undefined> };
  let inputs: Inputs;
  let open: CaptureSource[] = [];

  beforeAll(async () => {
    rig = await startPulseRig({
      sinks: [{ name: 'turntable' }, { name: 'hires', rate: 96_000, format: 's24le' }],
    });
    // ALSA's plugin for PulseAudio stands in for a card: this machine may have none.
    const card = (name: string) =>
      `pcm.${name} { type pulse; server "${rig.server}"; device "${name}.monitor"; hint { show on; description "${name}" } }`;
    const asound = join(folder, 'asound.conf');
    writeFileSync(asound, ['</usr/share/alsa/alsa.conf>', card('turntable'), card('hires')].join('\n'));
    helper = { path: requireHelper(), env: { ...process.env, ALSA_CONFIG_PATH: asound } };
    inputs = withoutServer(helper.env);
  });
  afterEach(async () => {
    await Promise.all(open.map((source) => source.close()));
    open = [];
  });
  afterAll(async () => {
    await rig.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const capture = (question: CaptureQuestion) => {
    const source = inputs.capture(question);
    const heard = { blocks: [] as Uint8Array[], events: [] as CaptureEvent[], arrivals: [] as number[] };
    source.onFrames((bytes, { monotonicMs }) => {
      heard.blocks.push(bytes);
      heard.arrivals.push(monotonicMs);
    });
    source.onEvent((event) => heard.events.push(event));
    open.push(source);
    return { source, heard };
  };

  it('loses and alters no frame at 44.1 kHz, 16 bits and 96 kHz, 24 bits while JavaScript is busy for 2 s', async () => {
    const runs = [
      { sink: 'turntable', played: 's16le', captured: 's16le', as: 's16', rate: 44_100 },
      { sink: 'hires', played: 's24le', captured: 's24-32le', as: 's24-32', rate: 96_000 },
    ] as const;
    const captures = runs.map(({ sink, as, rate }) =>
      capture({ name: `alsa:${sink}`, sampleRate: rate, channels: 2, sampleFormat: as }),
    );
    const opened = await Promise.all(captures.map(({ source }) => source.open()));
    expect(opened.map(({ sampleRate, sampleFormat }) => [sampleRate, sampleFormat])).toEqual([
      [44_100, 's16'],
      [96_000, 's24-32'],
    ]);
    await eventually(() => captures.every(({ heard }) => heard.blocks.length > 0)).toBe(true);
    const controls = runs.map(({ sink }) => rig.control(sink));
    await pause(300);
    const playing = runs.map(({ sink, played, rate }) => rig.play(sink, numberedFrames(played, rate * 4)));
    await pause(600);
    keepBusy(500);
    await pause(300);
    keepBusy(2_000);
    await Promise.all(playing);
    await pause(1_000);
    const results = [];
    for (const [run, { played, captured, rate }] of runs.entries()) {
      const control = numbersIn(played, await controls[run].stop());
      const numbers = numbersIn(captured, captures[run].heard.blocks);
      results.push({
        ...judgeCapture(control, numbers, rate * 4),
        events: captures[run].heard.events.filter(({ kind }) => kind !== 'overrun'),
      });
    }
    const perfect = { onlyInControl: 0, outOfOrder: 0, enough: true, events: [] };
    expect(results).toEqual([perfect, perfect]);
  });

  it('says when each block arrived, though it was read late', async () => {
    const { source, heard } = capture({ name: 'alsa:turntable', sampleRate: 44_100, sampleFormat: 's16' });
    await source.open();
    await eventually(() => heard.blocks.length).toBeGreaterThan(5);
    keepBusy(1_000);
    await pause(300);
    const steps = heard.arrivals.slice(1).map((arrival, at) => arrival - heard.arrivals[at]);
    expect(Math.max(...steps.slice(2))).toBeLessThan(800);
  });

  it('lists no plugins, and refuses an unknown input with those there are', async () => {
    const listed = await inputs.listInputs();
    expect(listed.filter(({ name }) => !name.startsWith('alsa:hw:CARD='))).toEqual([]);
    await expect(capture({ name: 'alsa:nothing' }).source.open()).rejects.toMatchObject({
      code: 'input_not_found',
      message: expect.stringContaining('There is no input named "alsa:nothing".'),
    });
  });

  it('refuses a format the input does not offer', async () => {
    const { source } = capture({ name: 'alsa:turntable', channels: 200 });
    await expect(source.open()).rejects.toMatchObject({
      code: 'no_input',
      message: expect.stringContaining('200 channels'),
    });
  });

  it('is told when the input is lost, and takes it again when it is back', async () => {
    const { source, heard } = capture({ name: 'alsa:turntable', sampleRate: 44_100, sampleFormat: 's16' });
    await source.open();
    await eventually(() => heard.blocks.length).toBeGreaterThan(0);
    await rig.kill();
    await eventually(() => heard.events.map(({ kind }) => kind)).toEqual(['lost']);
    const before = heard.blocks.length;
    await rig.restart();
    await eventually(() => heard.events.map(({ kind }) => kind)).toEqual(['lost', 'back']);
    await eventually(() => heard.blocks.length).toBeGreaterThan(before);
  });

  it('says on macOS what nothing but zeros may mean, until something is heard', async () => {
    const source = withoutServer(helper.env, 'macos').capture({
      name: 'alsa:turntable',
      sampleFormat: 's16',
    });
    const remarks: (string | null)[] = [];
    source.onEvent((event) => event.kind === 'remark' && remarks.push(event.message));
    open.push(source);
    await source.open();
    await eventually(() => remarks).toEqual([expect.stringContaining('Microphone, allow Pidentify')]);
    await rig.play('turntable', numberedFrames('s16le', 44_100));
    await eventually(() => remarks.at(-1)).toBe(null);
  });

  it('leaves no helper behind, closed or killed', async () => {
    const id = 'alsa:turntable';
    const child = spawn(helper.path, ['open', '--id', id], {
      env: { ...helper.env },
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    await once(child.stderr, 'data');
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('ends with a status of its own when the input is lost', async () => {
    const child = spawn(helper.path, ['open', '--id', 'alsa:turntable', '--format', 's16'], {
      env: { ...helper.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    await once(child.stdout, 'data');
    child.stdout.resume();
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString();
    });
    await rig.kill();
    expect(await once(child, 'exit')).toEqual([3, null]);
    await rig.restart();
    expect(said).toMatch(/^\{"code":"\w+","event":"lost","message":".+"\}$/m);
  });

  it('counts what a reader that sleeps for long has missed', async () => {
    // Its ring holds 20 s, and the pipe a little more.
    const child = spawn(
      helper.path,
      ['open', '--id', 'alsa:turntable', '--format', 's16', '--rate', '44100', '--channels', '2'],
      { env: { ...helper.env }, stdio: ['pipe', 'pipe', 'pipe'] },
    );
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString();
    });
    await once(child.stdout, 'readable');
    await pause(24_000);
    child.stdout.resume();
    await eventually(() => said).toContain('"event":"drop"');
    const frames = Number(/"event":"drop","frames":(\d+)/.exec(said)?.[1]);
    expect(frames).toBeGreaterThan(44_100 * 0.5);
    expect(frames).toBeLessThan(44_100 * 6);
    child.stdin.end();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('a Linux with ALSA alone', () => {
  it('takes what the helper finds when no sound server answers', async () => {
    const inputs = withoutServer(process.env);
    const source = inputs.capture({
      name: 'alsa:null',
      sampleRate: 48_000,
      channels: 2,
      sampleFormat: 's16',
    });
    const input = await source.open();
    expect(input).toMatchObject({ name: 'alsa:null', sampleRate: 48_000, sampleFormat: 's16' });
    await source.close();
  });
});
