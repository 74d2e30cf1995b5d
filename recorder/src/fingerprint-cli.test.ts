import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeLock } from '@pidentify/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MELODY_RATE, melody, writeMelody } from './testing/melody.ts';

const folder = mkdtempSync(join(tmpdir(), 'fingerprint-cli-'));
const music = join(folder, 'music');
const store = join(folder, 'store');

function run(...args: string[]): { status: number | null; lines: string[]; progress: string } {
  const cli = join(import.meta.dirname, 'fingerprint-cli.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  return { status, lines: stdout.split('\n').filter((line) => line !== ''), progress: stderr };
}

beforeAll(() => {
  mkdirSync(join(music, 'side a'), { recursive: true });
  writeMelody(join(music, 'one.wav'), melody(1, 20));
  writeMelody(join(music, 'side a', 'two.wav'), melody(2, 20));
  writeFileSync(join(music, 'broken.wav'), 'not a sound');
  writeMelody(join(folder, 'clip.wav'), melody(2, 20).slice(7 * MELODY_RATE, 13 * MELODY_RATE));
  writeMelody(join(folder, 'stranger.wav'), melody(3, 6));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe('fingerprint on the command line', () => {
  it('indexes folders, reads only what is new the next time, and drops what is gone', () => {
    const first = run('index', '--store', store, music);
    expect(first.progress).toMatch(/left out .*broken\.wav/);
    expect(first.progress).toMatch(/2 tracks, 0\.01 h/);
    expect(first.status).toBe(0);
    utimesSync(join(music, 'one.wav'), 1, 1);
    const second = run('index', '--store', store, music);
    expect(second.progress).toMatch(/one\.wav/);
    expect(second.progress).not.toMatch(/two\.wav/);
    expect(second.progress).toMatch(/2 tracks/);
    unlinkSync(join(music, 'one.wav'));
    expect(run('index', '--store', store, music).progress).toMatch(/1 tracks/);
  }, 60_000);

  it('answers one JSON line a clip, in order', () => {
    const clips = ['clip.wav', 'stranger.wav', 'missing.wav'].map((name) => join(folder, name));
    const { lines, status } = run('query', '--store', store, '--json', ...clips);
    const [clip, stranger, missing] = lines.map((line) => JSON.parse(line));
    expect(status).toBe(0);
    expect(clip).toMatchObject({
      clip: clips[0],
      match: { path: join(music, 'side a', 'two.wav'), track: 'two', score: expect.any(Number) },
      ms: expect.any(Number),
    });
    expect(clip.match.offset_s).toBeCloseTo(7, 1);
    expect(clip.match.speed).toBeCloseTo(1, 2);
    expect(stranger).toMatchObject({ clip: clips[1], match: null });
    expect(missing).toMatchObject({ clip: clips[2], match: null });
  }, 60_000);

  it('answers a line for each clip also where there is no store, no file, or a list that is damaged', () => {
    const clip = join(folder, 'clip.wav');
    const fifo = join(folder, 'fifo.wav');
    spawnSync('mkfifo', [fifo]);
    const answers = (at: string, ...clips: string[]) => {
      const { lines, status } = run('query', '--store', at, '--json', ...clips);
      return { status, lines: lines.map((line) => JSON.parse(line)) };
    };
    const nowhere = answers(join(folder, 'no such store'), clip, clip);
    expect(nowhere).toMatchObject({
      status: 1,
      lines: [
        { clip, match: null },
        { clip, match: null },
      ],
    });
    expect(nowhere.lines[0].error).toContain('There is no store in');
    expect(existsSync(join(folder, 'no such store'))).toBe(false);
    expect(answers(store, fifo, clip)).toMatchObject({
      status: 0,
      lines: [{ clip: fifo, match: null, error: `${fifo} is not a file.` }, { match: { track: 'two' } }],
    });
    const damaged = join(folder, 'damaged');
    cpSync(store, damaged, { recursive: true });
    const list = join(damaged, 'files.json');
    for (const text of ['null', '{"a":null}', readFileSync(list, 'utf8').replace('two.wav', 'rad.wav')]) {
      writeFileSync(list, text);
      const [line] = answers(damaged, clip).lines;
      expect(line.match.path).not.toContain('rad');
      expect(line.match.offset_s).toBeCloseTo(7, 1);
    }
  }, 60_000);

  it('writes a store by one process at a time, and does not touch it for a question', () => {
    const busy = join(folder, 'busy');
    cpSync(store, busy, { recursive: true });
    const unfinished = join(busy, 'index', 'batch-9.tmp-1');
    writeFileSync(unfinished, 'of another process');
    const lock = takeLock(join(busy, 'lock.db'), { waitMs: 0 });
    const second = run('index', '--store', busy, music);
    expect([second.status, second.progress]).toEqual([
      1,
      expect.stringContaining('Another process is writing'),
    ]);
    expect(run('query', '--store', busy, '--json', join(folder, 'clip.wav')).lines).toHaveLength(1);
    expect(existsSync(unfinished)).toBe(true);
    lock?.release();
    expect(run('index', '--store', busy, music).status).toBe(0);
    expect(existsSync(unfinished)).toBe(false);
  }, 60_000);

  it('hears a clip whose channels are wired the wrong way round to each other', () => {
    const reversed = join(folder, 'reversed.wav');
    const filter = 'pan=stereo|c0=c0|c1=-1*c0';
    spawnSync('ffmpeg', ['-v', 'error', '-y', '-i', join(folder, 'clip.wav'), '-af', filter, reversed]);
    const [line] = run('query', '--store', store, '--json', reversed).lines;
    expect(JSON.parse(line)).toMatchObject({ match: { track: 'two' } });
  }, 60_000);

  it('reads what ffmpeg can read', () => {
    const m4a = join(folder, 'clip.m4a');
    spawnSync('ffmpeg', ['-v', 'error', '-y', '-i', join(folder, 'clip.wav'), m4a]);
    const [line] = run('query', '--store', store, '--json', m4a).lines;
    expect(JSON.parse(line)).toMatchObject({ match: { track: 'two' } });
  }, 60_000);

  it('keeps what is below a folder that is missing, is empty, or was not named', () => {
    const [drives, kept] = [join(folder, 'drives'), join(folder, 'kept')];
    const [here, drive] = [join(drives, 'here'), join(drives, 'drive')];
    for (const path of [here, drive]) mkdirSync(path, { recursive: true });
    writeMelody(join(here, 'five.wav'), melody(5, 12));
    writeMelody(join(drive, 'six.wav'), melody(6, 12));
    symlinkSync(drive, join(here, 'link'));
    expect(run('index', '--store', kept, drives).progress).toMatch(/2 tracks/);
    renameSync(drive, join(folder, 'away'));
    expect(run('index', '--store', kept, drives, drive)).toMatchObject({
      status: 0,
      progress: expect.stringMatching(/2 tracks/),
    });
    mkdirSync(drive);
    const emptied = run('index', '--store', kept, drive, here);
    expect(emptied.progress).toMatch(/2 tracks/);
    expect(emptied.progress).toContain(`no music in ${drive}`);
    rmSync(drive, { recursive: true });
    expect(run('index', '--store', kept, here).progress).toMatch(/2 tracks/);
    rmSync(join(here, 'link'));
    expect(run('index', '--store', kept, drives).progress).toMatch(/1 tracks/);
  }, 60_000);

  it('forgets the last file of a folder, and the last folder of a folder', () => {
    const [at, one] = [join(folder, 'emptied store'), join(folder, 'emptied')];
    mkdirSync(join(one, 'album'), { recursive: true });
    writeMelody(join(one, 'album', 'x.wav'), melody(2, 20));
    expect(run('index', '--store', at, one).progress).toMatch(/1 tracks/);
    rmSync(join(one, 'album', 'x.wav'));
    expect(run('index', '--store', at, one)).toMatchObject({
      status: 0,
      progress: expect.stringMatching(/0 tracks/),
    });
    const [line] = run('query', '--store', at, '--json', join(folder, 'clip.wav')).lines;
    expect(JSON.parse(line)).toMatchObject({ match: null });
    writeMelody(join(one, 'album', 'x.wav'), melody(2, 20));
    expect(run('index', '--store', at, one).progress).toMatch(/1 tracks/);
    rmSync(join(one, 'album'), { recursive: true });
    expect(run('index', '--store', at, one).progress).toMatch(/0 tracks/);
  }, 60_000);

  it('forgets a file that was named itself, and where a file was moved from', () => {
    const [at, a, b] = ['moved store', 'moved a', 'moved b'].map((name) => join(folder, name));
    for (const path of [a, b]) mkdirSync(path);
    for (const name of ['x.wav', 'y.wav']) writeMelody(join(a, name), melody(name === 'x.wav' ? 2 : 7, 12));
    expect(run('index', '--store', at, join(a, 'x.wav'), join(a, 'y.wav')).progress).toMatch(/2 tracks/);
    rmSync(join(a, 'y.wav'));
    expect(run('index', '--store', at, join(a, 'y.wav')).progress).toMatch(/1 tracks/);
    renameSync(join(a, 'x.wav'), join(b, 'x.wav'));
    expect(run('index', '--store', at, b).progress).toMatch(/1 tracks/);
    const [line] = run('query', '--store', at, '--json', join(b, 'x.wav')).lines;
    expect(JSON.parse(line)).toMatchObject({ match: { path: join(b, 'x.wav') } });
  }, 60_000);

  it('keeps what lies on a drive that is away, also inside a folder with other music', () => {
    const [at, all] = [join(folder, 'nested store'), join(folder, 'nested')];
    const drive = join(all, 'drive');
    mkdirSync(join(drive, 'album'), { recursive: true });
    writeMelody(join(all, 'eight.wav'), melody(8, 12));
    for (const [i, name] of ['nine.wav', 'album/ten.wav'].entries())
      writeMelody(join(drive, name), melody(9 + i, 12));
    symlinkSync(join(drive, 'nine.wav'), join(all, 'link.wav'));
    expect(run('index', '--store', at, all).progress).toMatch(/4 tracks/);
    renameSync(drive, join(folder, 'nested away'));
    mkdirSync(drive);
    // Twice: what stands in its place is not taken for the drive by having been seen.
    for (const path of [all, all, join(drive, 'nine.wav')])
      expect(run('index', '--store', at, path).progress).toMatch(/4 tracks/);
    rmSync(drive, { recursive: true });
    renameSync(join(folder, 'nested away'), drive);
    expect(run('index', '--store', at, all).progress).not.toMatch(/\.wav/);
  }, 60_000);

  it('reads each file once, whichever paths lead to it', () => {
    const inside = join(music, 'side a');
    const { progress } = run(
      'index',
      '--store',
      join(folder, 'once'),
      inside,
      music,
      join(inside, 'two.wav'),
    );
    expect(progress.match(/\/.*two\.wav/g)).toHaveLength(1);
    expect(progress).toMatch(/1 tracks, 0\.01 h/);
  }, 60_000);

  it('finds AIFF and WMA in a folder', () => {
    const others = join(folder, 'others');
    mkdirSync(others);
    for (const name of ['clip.aiff', 'clip.wma'])
      spawnSync('ffmpeg', ['-v', 'error', '-y', '-i', join(folder, 'clip.wav'), join(others, name)]);
    expect(run('index', '--store', join(folder, 'others store'), others).progress).toMatch(/2 tracks/);
  }, 60_000);

  it('answers an option that there is not with how it is used', () => {
    const { status, progress } = run('index', '--stoer', store, music);
    expect(status).toBe(2);
    expect(progress).toContain("Unknown option '--stoer'");
    expect(progress).toContain('fingerprint query --store FOLDER');
    expect(progress).not.toContain('    at ');
  }, 60_000);

  it('fails only where nothing at all could be done', () => {
    expect(run('query', '--store', store, '--json', join(folder, 'missing.wav')).status).toBe(1);
    expect(run('index', '--store', join(folder, 'empty'), join(music, 'broken.wav')).status).toBe(1);
    expect(run('index').status).toBe(2);
  }, 60_000);
});
