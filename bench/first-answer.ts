/**
 * How soon the display is right: the real program on real sound through a null sink. Needle drops near the end of a track,
 * the next track of the album after a gap, and the needle lifted into groove noise, again and again, some of it on a deck
 * that runs 1.8 % fast. Arguments: number of rounds (two track starts each), seed. `GATE_ROOT`: as for bench/gate.ts.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPulseRig } from '@pidentify/platform/testing';
import {
  eventually,
  type Program,
  removeFolder,
  sleep,
  startProgram,
  temporaryFolder,
} from '../e2e/program.ts';
import { median, printTable, quantile } from './figures.ts';
import { groove, sampleRate } from './gate/noise.ts';
import { seeded } from './seeded.ts';

const rounds = Number(process.argv[2] ?? 18);
const seed = Number(process.argv[3] ?? 1);
const seconds = { lead: 6, tail: 20, gap: 2, head: 15, lifted: 13 };
const fast = 1.018;
const root = join(process.env.GATE_ROOT ?? '/', 'usr/share/games');
const albums = {
  Wesnoth: join(root, 'wesnoth/1.16/data/core/music'),
  Hedgewars: join(root, 'hedgewars/Data/Music'),
};
/** Silent, or shorter than a round needs. */
const leftOut = new Set(['silence', 'defeat', 'defeat2', 'victory', 'victory2', 'olympics_sd', 'snow']);

type Track = { album: string; title: string; source: string; durationSeconds: number };
type Event = { atSeconds: number; kind: 'needle' | 'next' | 'lift'; track: Track; speed: number };
type Seen = { atMs: number; name: string | null; certainty: string | null; speed: number | null };

/** The albums as a person has them: tagged copies, in order. */
function makeAlbums(folder: string): Track[] {
  const tracks: Track[] = [];
  for (const [album, source] of Object.entries(albums)) {
    if (!existsSync(source)) throw new Error(`${source} is missing: see docs/judgement.md for the packages`);
    const names = readdirSync(source).filter(
      (name) => name.endsWith('.ogg') && !leftOut.has(name.slice(0, -4)),
    );
    mkdirSync(join(folder, album), { recursive: true });
    for (const [position, name] of names.sort().entries()) {
      const title = name.slice(0, -4);
      const path = join(source, name);
      const tags = { title, artist: album, album, track: String(position + 1) };
      execFileSync('ffmpeg', [
        ...['-v', 'error', '-y', '-i', path, '-map', '0:a', '-c:a', 'copy'],
        ...Object.entries(tags).flatMap(([key, value]) => ['-metadata:s:a', `${key}=${value}`]),
        join(folder, album, `${String(position + 1).padStart(2, '0')} ${name}`),
      ]);
      const length = execFileSync('ffprobe', [
        '-v',
        'error',
        '-show_entries',
        'format=duration',
        '-of',
        'csv=p=0',
        path,
      ]);
      tracks.push({ album, title, source: path, durationSeconds: Number(length) });
    }
  }
  return tracks;
}

/** Stereo samples of a stretch of a track, as a deck of this speed plays it, interleaved, full scale 1. */
function deck(
  track: Track,
  { from, length, speed }: { from: number; length: number; speed: number },
): Float32Array {
  const bytes = execFileSync(
    'ffmpeg',
    [
      ...['-v', 'quiet', '-i', track.source, '-ss', String(from), '-t', String(length * speed)],
      ...['-af', `aresample=44100,asetrate=${Math.round(44_100 * speed)},aresample=44100,volume=-3dB`],
      ...['-ac', '2', '-ar', '44100', '-f', 'f32le', '-'],
    ],
    { maxBuffer: 1 << 28 },
  );
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
}

/** Writes the evening as raw 16-bit samples and gives what happens in it, when. */
async function makeEvening(tracks: readonly Track[], path: string): Promise<Event[]> {
  const next = seeded(seed);
  const events: Event[] = [];
  const file = createWriteStream(path);
  let frames = 0;
  const write = (length: number, music: Float32Array | null) => {
    const noise = groove(length, { db: -56, clicksPerSecond: 6, seed: seed * 1000 + frames });
    const samples = new Int16Array(noise.length * 2);
    for (let i = 0; i < samples.length; i += 1) {
      const value = noise[i >> 1] + (music?.[i] ?? 0);
      samples[i] = Math.round(32_767 * Math.max(-1, Math.min(1, value)));
    }
    file.write(Buffer.from(samples.buffer));
    frames += noise.length;
  };
  const happens = (kind: Event['kind'], track: Track, speed: number) =>
    events.push({ atSeconds: frames / sampleRate, kind, track, speed });
  write(seconds.lead, null);
  for (let round = 0; round < rounds; round += 1) {
    const speed = round % 3 === 2 ? fast : 1;
    const position = Math.floor(next() * (tracks.length - 1));
    const [first, second] = [tracks[position], tracks[position + 1]];
    happens('needle', first, speed);
    const from = first.durationSeconds - seconds.tail * speed;
    write(seconds.tail, deck(first, { from, length: seconds.tail, speed }));
    write(seconds.gap, null);
    happens('next', second, speed);
    write(seconds.head, deck(second, { from: 0, length: seconds.head, speed }));
    happens('lift', second, speed);
    write(seconds.lifted, null);
  }
  file.end();
  await new Promise((done) => file.on('finish', () => done(undefined)));
  return events;
}

async function watch(program: Program, until: Promise<void>): Promise<Seen[]> {
  const seen: Seen[] = [];
  let isOver = false;
  void until.then(() => (isOver = true));
  while (!isOver) {
    const status = await program.status();
    const name = status.track?.track_name ?? null;
    const certainty = status.certainty ?? null;
    const last = seen.at(-1);
    if (!last || last.name !== name || last.certainty !== certainty)
      seen.push({ atMs: Date.now(), name, certainty, speed: status.speed ?? null });
    await sleep(100);
  }
  return seen;
}

const cpuSeconds = (pid: number) => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
};

const folder = temporaryFolder('first-answer');
const [data, music, raw] = [join(folder, 'data'), join(folder, 'music'), join(folder, 'evening.raw')];
const tracks = makeAlbums(music);
const events = await makeEvening(tracks, raw);
console.log(`${tracks.length} tracks, ${events.length} events`);
const rig = await startPulseRig({ sinks: [{ name: 'deck' }] });
const program = await startProgram({ data, music, input: 'deck.monitor', env: rig.env });
const { services } = await eventually(
  program.health,
  ({ index, input }) =>
    index.state === 'ready' && index.tracks === tracks.length && input.state === 'listening',
  { ms: 900_000, everyMs: 2000 },
);
const recorder = services.find(({ name }) => name === 'recorder')?.pid;
if (!recorder) throw new Error('the recorder has no pid');

const env = { ...process.env, ...rig.env };
const control = spawn('parec', ['--device=deck.monitor', '--raw', '--latency-msec=20', '--format=s16le'], {
  env,
});
const began = new Promise<number>((done) => {
  control.stdout.on('data', (chunk: Buffer) => {
    const at = chunk.findIndex((byte) => byte !== 0);
    if (at >= 0) done(Date.now() - ((chunk.length - at) / 4 / sampleRate) * 1000);
  });
});
await sleep(1000);
const format = ['--raw', '--rate=44100', '--channels=2', '--format=s16le', '--device=deck'];
const player = spawn('paplay', [...format, raw], { env, stdio: 'ignore' });
const over = new Promise<void>((done) => player.on('exit', () => done()));
const beganMs = await began;
control.kill();
const [cpuBefore, wallBefore] = [cpuSeconds(recorder), Date.now()];
const seen = await watch(program, over);
const cpu = ((cpuSeconds(recorder) - cpuBefore) / ((Date.now() - wallBefore) / 1000)) * 100;
const plays = await program.history();
await program.stop();
await rig.stop();
removeFolder(folder);

type Times = { any: number; right: number; confirmed: number };
const times = new Map<Event, Times>();
const cleared: number[] = [];
const wrong: string[] = [];
const speeds: number[] = [];
for (const [position, event] of events.entries()) {
  const fromMs = beganMs + event.atSeconds * 1000;
  const toMs = beganMs + (events[position + 1]?.atSeconds ?? event.atSeconds + seconds.lifted) * 1000;
  const within = seen.filter(({ atMs }) => atMs >= fromMs && atMs < toMs);
  const after = (is: (one: Seen) => boolean) => {
    const found = within.find(is);
    return found ? (found.atMs - fromMs) / 1000 : Number.POSITIVE_INFINITY;
  };
  const { title } = event.track;
  if (event.kind === 'lift') {
    cleared.push(after(({ name }) => name === null));
    continue;
  }
  const before = event.kind === 'next' ? events[position - 1].track.title : null;
  times.set(event, {
    any: after(({ name }) => name !== null && name !== before),
    right: after(({ name }) => name === title),
    confirmed: after(({ name, certainty }) => name === title && certainty === 'confirmed'),
  });
  for (const { name } of within)
    if (name !== null && name !== title && name !== before) wrong.push(`${name} for ${title}`);
  const speed = within.find(({ name, certainty }) => name === title && certainty === 'confirmed')?.speed;
  if (speed) speeds.push(Math.abs(speed - event.speed));
}
const column = (kind: Event['kind'], key: keyof Times) =>
  [...times].filter(([event]) => event.kind === kind).map(([, found]) => found[key]);
const row = (name: string, values: readonly number[], bar: string) => [
  name,
  String(values.length),
  median(values).toFixed(1),
  quantile(values, 0.95).toFixed(1),
  Math.max(...values).toFixed(1),
  bar,
];
printTable(`seconds on real sound, seed ${seed}`, [
  ['', 'starts', 'median', '95th percentile', 'longest', 'bar'],
  row('needle down, any answer', column('needle', 'any'), '-'),
  row('needle down, right answer', column('needle', 'right'), '4 (median)'),
  row('needle down, confirmed', column('needle', 'confirmed'), '-'),
  row('next track, any answer', column('next', 'any'), '-'),
  row('next track, right answer', column('next', 'right'), '4'),
  row('next track, confirmed', column('next', 'confirmed'), '-'),
  row('needle up, display cleared', cleared, '10'),
]);
const slow = [...times].filter(([, { right }]) => right > 4);
for (const [{ kind, track, atSeconds }, { right }] of slow)
  console.log(
    `right answer after ${right.toFixed(1)} s: ${kind} of ${track.title} at ${atSeconds.toFixed(1)} s`,
  );
console.log(`wrong answers shown: ${wrong.length === 0 ? 'none' : wrong.join('; ')}`);
console.log(`plays written: ${plays.total_count} of ${times.size}`);
console.log(`speed off by at most ${(100 * Math.max(...speeds)).toFixed(2)} %`);
console.log(`recorder while music plays: ${cpu.toFixed(1)} % of one core (bar 8)`);
