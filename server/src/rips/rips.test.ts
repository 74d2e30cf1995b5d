import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ripSchema } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countingFrames, type FakeRecorder, startFakeRecorder } from '../testing/fake-recorder.ts';
import { oldEntry, writeOldDatabase } from '../testing/old-database.ts';
import { playOf, type Rig, startRig } from '../testing/rig.ts';

const minute = 60_000;
const started = Date.now() - 10 * minute;
const at = (seconds: number) => new Date(started + seconds * 1000).toISOString();
const times = { detected_at: at(5), started_at: at(0), ended_at: at(4) };
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

let rig: Rig;
let recorder: FakeRecorder;
let entryId: string;
const play = () => {
  const { track, ...rest } = playOf({ ...times });
  return { ...rest, track: { ...track, duration_seconds: 4, released: '1998', label: 'Virgin' } };
};

beforeEach(async () => {
  rig = await startRig({ config: { temp_save_offset: 2 } });
  recorder = await startFakeRecorder(rig, { from: at(-100), to: at(100) });
  const told = play();
  entryId = told.entry_id;
  await rig.bus.ask('server.remember', told, { timeoutMs: 5_000 });
});
afterEach(() => rig.close());

const start = (id = entryId) => rig.call('POST', `/api/rip/${id}/start`);
const wish = { track_name: 'Teardrop', artist_name: 'Massive Attack', album_name: 'Mezzanine', track_no: 3 };
const offsets = { start_offset: 2, end_offset: 2 };
const save = (body: object = {}) =>
  rig.call('POST', `/api/rip/${entryId}/save`, { ...wish, ...offsets, ...body });
const entry = async () => (await rig.call('GET', '/api/history')).json.data[0];
const metaflac = (path: string, ...args: string[]) =>
  execFileSync('metaflac', [...args, path], { encoding: 'utf8' });
const pcmOf = (path: string) =>
  execFileSync('flac', ['-d', '-c', '-s', '--force-raw-format', '--endian=little', '--sign=signed', path]);

describe('starting a rip', () => {
  it('cuts the track with its margins out of the buffer', async () => {
    expect((await start()).json).toMatchObject({ success: true });
    expect(recorder.asked).toEqual([{ entry_id: entryId, from: at(-2), to: at(6) }]);
    const { json } = await rig.call('GET', `/api/rip/${entryId}`);
    expect(ripSchema.parse(json)).toMatchObject({
      history_entry: { entry_id: entryId, saved_temp_buffer: true },
      take: { duration_seconds: 8, frames: 64_000, start_offset: 2, end_offset: 2, complete: true },
    });
    expect(JSON.stringify(json)).not.toContain(rig.data);
  });

  it('again does nothing, also when asked twice at once', async () => {
    await Promise.all([start(), start()]);
    await start();
    expect(recorder.asked).toHaveLength(1);
  });

  it('again cuts again when the entry has changed', async () => {
    await start();
    const told = { ...play(), entry_id: entryId, revision: 2, started_at: at(-3) };
    await rig.bus.ask('server.remember', told, { timeoutMs: 5_000 });
    await start();
    expect(recorder.asked.map(({ from }) => from)).toEqual([at(-2), at(-5)]);
    expect((await rig.call('GET', `/api/rip/${entryId}`)).json.take).toMatchObject({ frames: 88_000 });
  });

  it('a take that lacks its end is cut again, unless the buffer has moved on', async () => {
    recorder.heard.to = Date.parse(at(3));
    await start();
    expect((await rig.call('GET', `/api/rip/${entryId}`)).json.take.complete).toBe(false);
    recorder.heard = { from: Date.parse(at(90)), to: Date.parse(at(100)) };
    expect((await start()).status).toBe(200);
    expect((await rig.call('GET', `/api/rip/${entryId}`)).json.take.frames).toBe(40_000);
    recorder.heard = { from: Date.parse(at(-100)), to: Date.parse(at(100)) };
    await start();
    expect((await rig.call('GET', `/api/rip/${entryId}`)).json.take.frames).toBe(64_000);
  });

  it('says what is missing', async () => {
    const unknown = await start('00000000-0000-4000-8000-000000000000');
    expect([unknown.status, unknown.json.status]).toEqual([404, 'entry_not_found']);
    recorder.heard = { from: 0, to: 1 };
    const gone = await start();
    expect([gone.status, gone.json.status]).toEqual([409, 'not_in_buffer']);
    for (const path of ['', '/audio.flac', '/audio-data']) {
      const { status, json } = await rig.call('GET', `/api/rip/${entryId}${path}`);
      expect([status, json.status]).toEqual([404, 'rip_not_found']);
    }
    expect((await save()).json.status).toBe('rip_not_found');
  });

  it('a take whose file was removed by hand is cut again', async () => {
    await start();
    renameSync(join(rig.data, 'temp', `${entryId}.flac`), join(rig.data, 'elsewhere'));
    expect((await rig.call('GET', `/api/rip/${entryId}`)).json.status).toBe('rip_not_found');
    await start();
    expect((await rig.call('GET', `/api/rip/${entryId}`)).status).toBe(200);
  });
});

describe('listening to a take', () => {
  const audio = (headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${rig.url}/api/rip/${entryId}/audio.flac`, { method, headers });

  it('serves the file, its ranges and its head', async () => {
    await start();
    const file = readFileSync(join(rig.data, 'temp', `${entryId}.flac`));
    const whole = await audio();
    expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'audio/flac']);
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(file);
    const part = await audio({ range: 'bytes=100-199' });
    expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 100-199/${file.length}`]);
    expect(Buffer.from(await part.arrayBuffer())).toEqual(file.subarray(100, 200));
    const head = await audio({}, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(file.length)]);
    expect(head.headers.get('accept-ranges')).toBe('bytes');
  });

  it('does not splice a take that was cut anew', async () => {
    await start();
    const etag = (await audio({}, 'HEAD')).headers.get('etag') ?? '';
    // fetch would ask past every cache as soon as it sees this header.
    const headers = { host: `127.0.0.1:${rig.server.port}`, 'if-none-match': etag };
    const unchanged = await rig.server.app.inject({ url: `/api/rip/${entryId}/audio.flac`, headers });
    expect(unchanged.statusCode).toBe(304);
    expect((await audio({ range: 'bytes=0-9', 'if-range': '"another"' })).status).toBe(200);
    const beyond = await audio({ range: 'bytes=99999999-' });
    expect([beyond.status, (await beyond.json()).status]).toEqual([416, 'range_not_satisfiable']);
  });

  it('draws it in as many parts as are asked for, and remembers', async () => {
    await start();
    const ask = async (query: string) =>
      (await rig.call('GET', `/api/rip/${entryId}/audio-data${query}`)).json;
    const { duration, chart } = await ask('?chart_parts=16');
    expect([duration, chart.length]).toEqual([8, 16]);
    expect(Math.max(...chart)).toBeLessThanOrEqual(1);
    expect(readdirSync(join(rig.data, 'temp'))).toContain(`${entryId}.chart.json`);
    expect(await ask('?chart_parts=16')).toEqual({ duration, chart });
    expect((await ask('')).chart).toHaveLength(1000);
    expect((await ask('?chart_parts=0')).status).toBe('bad_request');
  });
});

describe('saving a take', () => {
  it('writes the trimmed sound bit for bit, tagged and named', async () => {
    await start();
    const { json } = await save();
    const path = join(rig.music, 'Massive Attack', 'Mezzanine', '03 - Teardrop.flac');
    expect(json).toMatchObject({ success: true, data: path });
    execFileSync('flac', ['-t', '-s', path]);
    expect(pcmOf(path).equals(countingFrames(16_000, 48_000))).toBe(true);
    const tags = metaflac(path, '--export-tags-to=-').trim().split('\n').sort();
    expect(tags).toEqual([
      'ALBUM=Mezzanine',
      'ARTIST=Massive Attack',
      'DATE=1998',
      'ENCODED_BY=Pidentify',
      'LABEL=Virgin',
      'TITLE=Teardrop',
      'TRACKNUMBER=3',
    ]);
    expect(metaflac(path, '--list')).toContain('SEEKTABLE');
    expect(await entry()).toMatchObject({ saved_to_library: true, track: { track_name: 'Teardrop' } });
    expect(readdirSync(rig.music)).toEqual(['Massive Attack']);
  });

  it('puts the cover into the file and beside it, once', async () => {
    await start();
    const image = { 'content-type': 'image/png' };
    const { data: track_image } = (await rig.call('POST', '/api/artwork', png, image)).json;
    const { data: path } = (await save({ track_image, artist_image: track_image })).json;
    const exported = join(rig.data, 'cover.png');
    metaflac(path, `--export-picture-to=${exported}`);
    expect(readFileSync(exported).equals(png)).toBe(true);
    const album = join(rig.music, 'Massive Attack', 'Mezzanine');
    expect(readFileSync(join(album, 'cover.png')).equals(png)).toBe(true);
    expect(existsSync(join(rig.music, 'Massive Attack', 'cover.png'))).toBe(true);
    writeFileSync(join(album, 'cover.png'), 'mine');
    await save({ track_image });
    expect(readFileSync(join(album, 'cover.png'), 'utf8')).toBe('mine');
  });

  it('fetches no picture from elsewhere', async () => {
    await start();
    const { json } = await save({ track_image: `${rig.url}/api/health` });
    expect(json.success).toBe(true);
    expect(metaflac(json.data, '--list')).not.toContain('PICTURE');
  });

  it('never writes over another file', async () => {
    await start();
    const first = (await save()).json.data;
    const before = readFileSync(first);
    const again = (await save({ end_offset: 3 })).json.data;
    expect(again).toBe(first.replace('.flac', ' (2).flac'));
    expect(readFileSync(first).equals(before)).toBe(true);
    expect(metaflac(again, '--show-total-samples').trim()).toBe('24000');
  });

  it('takes what the person typed as a correction of the track', async () => {
    await start();
    const { data } = (await save({ track_name: 'Tear/Drop', artist_name: '', album_name: ' ' })).json;
    expect(data).toBe(join(rig.music, 'Unknown Artist', 'Unknown Album', '03 - Tear_Drop.flac'));
    expect((await entry()).track).toMatchObject({
      track_name: 'Tear/Drop',
      artist_name: null,
      album_name: null,
    });
  });

  it.each([
    [{ start_offset: 4, end_offset: 4 }, 400, 'trim_out_of_range'],
    [{ start_offset: 1e6 }, 400, 'trim_out_of_range'],
    [{ start_offset: -1 }, 400, 'bad_request'],
    [{ track_name: '  ' }, 400, 'bad_request'],
    [{ track_no: 1.5 }, 400, 'bad_request'],
  ])('refuses %j', async (body, status, code) => {
    await start();
    const answer = await save(body);
    expect([answer.status, answer.json.status]).toEqual([status, code]);
    expect(readdirSync(rig.music)).toEqual([]);
  });

  it('a take that is damaged leaves nothing in the library', async () => {
    await start();
    const path = join(rig.data, 'temp', `${entryId}.flac`);
    writeFileSync(path, readFileSync(path).subarray(0, 20_000));
    expect((await save()).json.status).toBe('audio_unreadable');
    expect(readdirSync(rig.music)).toEqual([]);
    expect((await entry()).saved_to_library).toBe(false);
  });

  it('a library that cannot be written is save_failed', async () => {
    await start();
    writeFileSync(join(rig.music, 'Massive Attack'), 'a file where a folder should be');
    const { status, json } = await save();
    expect([status, json.status]).toEqual([500, 'save_failed']);
  });

  it('what a crash left half-written is gone at the next start', async () => {
    const left = join(rig.music, '.pidentify');
    mkdirSync(left);
    writeFileSync(join(left, 'x.tmp'), 'half');
    chmodSync(left, 0o700);
    const { createMusicLibrary } = await import('../library/save.ts');
    const none = { load: async () => null, trim: async () => undefined };
    await createMusicLibrary({ folder: rig.music, artwork: none, flacWork: none }).tidy();
    expect(existsSync(left)).toBe(false);
  });
});

describe('a take of the old program', () => {
  it('can be listened to and saved', async () => {
    const old = await startRig({
      prepare(data) {
        writeOldDatabase(join(data, 'database.db'));
        mkdirSync(join(data, 'temp'));
        const raw = ['--force-raw-format', '--endian=little', '--sign=signed', '--channels=2', '--bps=16'];
        execFileSync(
          'flac',
          [...raw, '--sample-rate=8000', '-s', '-', '-o', join(data, 'temp', `${oldEntry}.flac`)],
          {
            input: countingFrames(0, 8000 * 70),
          },
        );
      },
    });
    try {
      const { json } = await old.call('GET', `/api/rip/${oldEntry}`);
      expect(json.take).toMatchObject({ duration_seconds: 70, start_offset: 30, frames: 560_000 });
      const body = { ...wish, start_offset: 30, end_offset: 30 };
      const { data } = (await old.call('POST', `/api/rip/${oldEntry}/save`, body)).json;
      expect(pcmOf(data).equals(countingFrames(240_000, 320_000))).toBe(true);
    } finally {
      await old.close();
    }
  });
});
