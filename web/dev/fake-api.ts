import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import {
  apiConfigSchema,
  audioDataSchema,
  chosenFolderAnswerSchema,
  devicesSchema,
  type Entry,
  envelopeOf,
  envelopeSchema,
  healthSchema,
  historyPageSchema,
  historyQuerySchema,
  lyricsSchema,
  namedUnknownSchema,
  PidentifyError,
  ripSchema,
  saveAnswerSchema,
  saveRequestSchema,
  settingsOf,
  settingsPatchSchema,
  settingsSchema,
  statusSchema,
  trackNamesSchema,
  unknownAnswerSchema,
} from '@pidentify/contracts';
import { z } from 'zod';
import { fakeCover } from './fake-artwork.ts';
import { fakeAudio, fakeChart } from './fake-audio.ts';
import { cover, fakeConfigFile, fakeDevices, fromNow } from './fake-data.ts';
import type { World } from './scenarios.ts';

type Call = { world: World; request: IncomingMessage; url: URL; path: string[] };
type Answer = { schema: z.ZodType; body: unknown };

const takeSeconds = 305;
const well = { success: true, status: 'ok', message: 'Done.' };
const done: Answer = { schema: envelopeSchema, body: well };

/** Answers one request from the made-up world; every answer is parsed with its contract first. */
export async function answerApi({
  world,
  request,
  response,
  url,
}: {
  world: World;
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}): Promise<void> {
  const path = url.pathname.split('/').slice(2);
  try {
    if (world.fails && url.pathname.startsWith(world.fails)) {
      throw new PidentifyError(path[0] === 'lyrics' ? 'lyrics_unavailable' : 'internal_error');
    }
    if (path[0] === 'artwork' && request.method === 'GET') return sendCover(response, path[1]);
    const isUnknownSound = path[0] === 'unknown' && path[2] === 'sound' && request.method === 'GET';
    if (path[2] === 'audio.flac' || isUnknownSound) return sendAudio(request, response);
    const { schema, body } = await answerOf({ world, request, url, path });
    send(response, 200, schema.parse(body));
  } catch (thrown) {
    if (!(thrown instanceof PidentifyError)) throw thrown;
    send(response, thrown.status, { success: false, status: thrown.code, message: thrown.message });
  }
}

async function answerOf(call: Call): Promise<Answer> {
  const { world, request, path } = call;
  const route = `${request.method} ${path[0]}`;
  if (route === 'GET config') return { schema: apiConfigSchema, body: world.config };
  if (route === 'GET status') return { schema: statusSchema, body: world.status };
  if (route === 'GET health') return { schema: healthSchema, body: world.health };
  if (route === 'GET lyrics') return lyrics(call);
  if (route === 'GET history') return historyPage(call);
  if (path[0] === 'history' && path[2] === 'wrong') return wrongTrack(call);
  if (path[0] === 'history') return changeHistory(call);
  if (path[0] === 'unknown') return unknown(call);
  if (path[0] === 'rip') return rip(call);
  if (path[0] === 'settings') return settings(call);
  if (route === 'POST artwork') return { schema: envelopeOf(z.string()), body: { ...well, data: cover(7) } };
  if (route === 'POST window' && path[1] === 'folder')
    return { schema: chosenFolderAnswerSchema, body: { ...well, data: { path: world.chosenFolder } } };
  if (request.method === 'POST') return done;
  throw new PidentifyError('not_found');
}

function lyrics({ world }: Call): Answer {
  if (!world.status.track) throw new PidentifyError('no_track');
  const isReached = world.lyricsAreAt === 'home' || world.mayAskLrclib;
  if (!world.lyrics || !isReached) throw new PidentifyError('lyrics_not_found');
  return { schema: lyricsSchema, body: world.lyrics };
}

function historyPage({ world, url }: Call): Answer {
  const { page, page_size } = historyQuerySchema.parse(Object.fromEntries(url.searchParams));
  const last = Math.max(1, Math.ceil(world.entries.length / page_size));
  return {
    schema: historyPageSchema,
    body: {
      ...well,
      data: world.entries.slice((page - 1) * page_size, page * page_size),
      total_count: world.entries.length,
      page,
      next_page: page < last ? page + 1 : null,
    },
  };
}

async function changeHistory({ world, request, path }: Call): Promise<Answer> {
  const body = request.method === 'PATCH' || path[1] === 'batch' ? await json(request) : {};
  const { entry_ids = [path[1]], data = body as object } = body as { entry_ids?: string[]; data?: object };
  const isMeant = (entry: Entry) => entry_ids.includes(entry.entry_id);
  if (!world.entries.some(isMeant)) throw new PidentifyError('entry_not_found');
  world.entries =
    request.method === 'DELETE'
      ? world.entries.filter((entry) => !isMeant(entry))
      : world.entries.map((entry) =>
          isMeant(entry) ? { ...entry, track: { ...entry.track, ...data } } : entry,
        );
  return done;
}

/** Taken back entries are put aside, to be given back. */
const takenBack = new Map<string, Entry>();

function wrongTrack({ world, request, path }: Call): Answer {
  const entry = world.entries.find(({ entry_id }) => entry_id === path[1]);
  if (request.method === 'POST') {
    if (!entry) throw new PidentifyError('entry_not_found');
    takenBack.set(entry.entry_id, entry);
    world.entries = world.entries.filter((other) => other !== entry);
  } else {
    const back = takenBack.get(path[1]);
    if (!back) throw new PidentifyError('entry_not_found');
    world.entries = [back, ...world.entries];
  }
  return done;
}

async function unknown({ world, request, path }: Call): Promise<Answer> {
  const [, id, what] = path;
  if (request.method === 'GET') {
    const sound_bytes = world.unknown.filter(({ sound_id }) => sound_id !== null).length * 24_500_000;
    return { schema: unknownAnswerSchema, body: { ...well, data: { groups: world.unknown, sound_bytes } } };
  }
  const isMeant = (group: { id: string }) => id === undefined || id === 'sound' || group.id === id;
  if (id !== undefined && !world.unknown.some(isMeant)) throw new PidentifyError('unknown_not_found');
  const plays = world.unknown.find(isMeant)?.times_heard ?? 0;
  if (request.method === 'POST') trackNamesSchema.parse(await json(request));
  world.unknown =
    what === 'sound' || id === 'sound'
      ? world.unknown.map((group) => (isMeant(group) ? { ...group, sound_id: null } : group))
      : world.unknown.filter((group) => !isMeant(group));
  if (request.method !== 'POST') return done;
  return { schema: envelopeOf(namedUnknownSchema), body: { ...well, data: { plays } } };
}

async function rip({ world, request, path, url }: Call): Promise<Answer> {
  const entry = world.entries.find(({ entry_id }) => entry_id === path[1]);
  if (!entry) throw new PidentifyError('entry_not_found');
  if (path[2] === 'start') {
    entry.saved_temp_buffer = true;
    return done;
  }
  if (path[2] === 'audio-data') {
    const parts = Number(url.searchParams.get('chart_parts'));
    return { schema: audioDataSchema, body: { duration: takeSeconds, chart: fakeChart({ parts }) } };
  }
  if (path[2] === 'save') return save(request, entry);
  if (!entry.saved_temp_buffer) throw new PidentifyError('rip_not_found');
  const take = {
    entry_id: entry.entry_id,
    started_at: entry.started_at ?? fromNow(0),
    duration_seconds: takeSeconds,
    sample_rate: 44_100,
    channels: 2,
    bits_per_sample: 16,
    frames: takeSeconds * 44_100,
    clean: !entry.track.track_name.startsWith('Symphony'),
    complete: !entry.track.track_name.startsWith('Symphony'),
    start_offset: 36.6,
    end_offset: 36.6,
  };
  return { schema: ripSchema, body: { history_entry: entry, take } };
}

/** A title with "disk full" in it meets just that, to see the page keep what was typed. */
async function save(request: IncomingMessage, entry: Entry): Promise<Answer> {
  const asked = saveRequestSchema.parse(await json(request));
  if (asked.track_name.toLowerCase().includes('disk full')) throw new PidentifyError('disk_full');
  entry.saved_to_library = true;
  const number = String(asked.track_no).padStart(2, '0');
  const file = `/home/anna/Music/${asked.artist_name}/${asked.album_name}/${number} - ${asked.track_name}.flac`;
  return { schema: saveAnswerSchema, body: { ...well, data: file } };
}

async function settings({ world, request, path }: Call): Promise<Answer> {
  if (path[1] === 'devices') return { schema: devicesSchema, body: fakeDevices };
  if (request.method === 'PATCH') {
    const patch = settingsPatchSchema.safeParse(await json(request));
    const missing = patch.data?.music_folders?.find((folder) => folder.includes('missing'));
    if (!patch.success) {
      throw new PidentifyError('setting_invalid', patch.error.issues.map(({ message }) => message).join(' '));
    }
    if (missing) throw new PidentifyError('setting_invalid', `There is no folder ${missing}.`);
    Object.assign(fakeConfigFile, patch.data);
    world.mayAskLrclib = patch.data.lyrics_from_lrclib ?? world.mayAskLrclib;
  }
  return {
    schema: settingsSchema,
    body: settingsOf({ ...fakeConfigFile, lyrics_from_lrclib: world.mayAskLrclib }),
  };
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function sendCover(response: ServerResponse, name = ''): void {
  const seed = Number(/\d+/.exec(name)?.[0] ?? 0);
  response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(fakeCover(seed));
}

function sendAudio(request: IncomingMessage, response: ServerResponse): void {
  const audio = fakeAudio({ seconds: takeSeconds });
  const [, from, to] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
  const start = Number(from ?? 0);
  const end = to ? Number(to) : audio.length - 1;
  response.writeHead(from === undefined ? 200 : 206, {
    'content-type': 'audio/wav',
    'accept-ranges': 'bytes',
    'content-length': end - start + 1,
    ...(from === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${audio.length}` }),
  });
  response.end(audio.subarray(start, end + 1));
}
