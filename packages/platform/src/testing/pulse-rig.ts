import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A null sink: what is played into it can be recorded from `<name>.monitor`. Formats as pactl names them. */
export type RigSink = {
  name: string;
  rate?: number;
  channels?: number;
  format?: 's16le' | 's24le' | 's32le' | 'float32le';
};

const sampleBytes = { s16le: 2, s24le: 3, s32le: 4, float32le: 4 };
const leadInSeconds = 0.3;

export type PulseRig = {
  /** For PULSE_SERVER. */
  server: string;
  /** For the environment of a process that records. */
  env: { PULSE_SERVER: string };
  sourceOf: (sink: string) => string;
  /** Plays raw frames in the sink's own format after a moment of silence; resolves when they have been played. */
  play: (sink: string, bytes: Uint8Array) => Promise<void>;
  /** Plays a file that libsndfile knows (WAV, FLAC, Ogg); `stop` ends it early. */
  playFile: (sink: string, path: string) => { done: Promise<void>; stop: () => void };
  /** What another program records from the sink meanwhile: tells a fault of the rig from one of ours. */
  control: (sink: string) => { stop: () => Promise<Uint8Array[]> };
  addSink: (sink: RigSink) => Promise<void>;
  removeSink: (name: string) => Promise<void>;
  /** kill -9 of the server; `restart` brings it back at the same address, with its first sinks. */
  kill: () => Promise<void>;
  restart: () => Promise<void>;
  stop: () => Promise<void>;
};

/** A private PulseAudio server with null sinks; needs the packages pulseaudio and pulseaudio-utils. */
export async function startPulseRig(options: { sinks: RigSink[] }): Promise<PulseRig> {
  const folder = await mkdtemp(join(tmpdir(), 'pidentify-pulse-'));
  const socket = join(folder, 'native');
  const server = `unix:${socket}`;
  const env = {
    ...process.env,
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    XDG_CONFIG_HOME: folder,
    PULSE_SERVER: server,
  };
  const sinks = new Map<string, Required<RigSink>>();
  const modules = new Map<string, string>();
  let daemon: ChildProcess | null = null;

  const pactl = async (...args: string[]) => (await run('pactl', args, { env })).stdout.trim();

  const addSink = async (wanted: RigSink) => {
    const sink = { rate: 44_100, channels: 2, format: 's16le' as const, ...wanted };
    const { name, rate, channels, format } = sink;
    const described = `sink_properties=device.description=${name}`;
    const spec = [`sink_name=${name}`, `rate=${rate}`, `channels=${channels}`, `format=${format}`, described];
    modules.set(name, await pactl('load-module', 'module-null-sink', ...spec));
    sinks.set(name, sink);
  };

  const start = async () => {
    const script = join(folder, 'default.pa');
    await writeFile(script, `load-module module-native-protocol-unix auth-anonymous=1 socket=${socket}\n`);
    const settings = ['--daemonize=no', '--exit-idle-time=-1', '--use-pid-file=no', '--realtime=yes'];
    // Without realtime the null sink itself stutters on a busy machine.
    const args = ['-n', '-F', script, ...settings, '--high-priority=yes'];
    const child = spawn('pulseaudio', args, { env, stdio: 'ignore' });
    await once(child, 'spawn');
    daemon = child;
    for (let tries = 0; !existsSync(socket) && tries < 250; tries += 1) await pause(20);
    for (const sink of options.sinks) await addSink(sink);
  };

  const kill = async () => {
    const child = daemon;
    daemon = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
    await rm(socket, { force: true });
  };

  const rawFormat = (name: string) => {
    const sink = sinks.get(name);
    if (!sink) throw new Error(`no sink ${name}`);
    const { rate, channels, format } = sink;
    const args = ['--raw', `--rate=${rate}`, `--channels=${channels}`, `--format=${format}`];
    return { leadIn: Math.ceil(rate * leadInSeconds) * channels * sampleBytes[format], args };
  };

  const control = (name: string) => {
    const args = [`--device=${name}.monitor`, ...rawFormat(name).args, '--latency-msec=100'];
    const child = spawn('parec', args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    const blocks: Uint8Array[] = [];
    child.stdout.on('data', (block) => blocks.push(block));
    const stop = async () => {
      child.kill();
      await once(child, 'close');
      return blocks;
    };
    return { stop };
  };

  const playWith = (args: string[]) => {
    const child = spawn('paplay', args, { env, stdio: ['pipe', 'ignore', 'ignore'] });
    child.stdin?.on('error', () => undefined); // the server may be killed while it plays; that is the test
    return child;
  };

  await start();
  return {
    server,
    env: { PULSE_SERVER: server },
    sourceOf: (sink) => `${sink}.monitor`,
    play: async (name, bytes) => {
      const { leadIn, args } = rawFormat(name);
      const child = playWith([`--device=${name}`, ...args, '--volume=65536']);
      // A null sink's monitor misses up to a tenth of a second of what a new stream begins with.
      child.stdin?.write(Buffer.alloc(leadIn));
      child.stdin?.end(bytes);
      await once(child, 'exit');
    },
    playFile: (name, path) => {
      const child = playWith([`--device=${name}`, '--volume=65536', path]);
      return { done: once(child, 'exit').then(() => undefined), stop: () => child.kill() };
    },
    control,
    addSink,
    removeSink: async (name) => {
      await pactl('unload-module', modules.get(name) ?? name);
      sinks.delete(name);
    },
    kill,
    restart: start,
    stop: async () => {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
