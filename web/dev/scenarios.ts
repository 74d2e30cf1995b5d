import type { ApiConfig, Entry, Health, Lyrics, Status, UnknownGroup } from '@pidentify/contracts';
import {
  fakeConfig,
  fakeEntries,
  fakeHealth,
  fakeHealthInTrouble,
  fakeHealthOfNobody,
  fakeLyrics,
  fakeUnknown,
  fakeWindow,
  longEntries,
  longStatus,
  notKnownStatus,
  playingStatus,
  providersWithoutKey,
  restingProviders,
  sideFinishedStatus,
  sideStatus,
  tentativeStatus,
  troubledProviders,
  waitingStatus,
} from './fake-data.ts';

/** What the fake server answers. */
export type World = {
  config: ApiConfig;
  status: Status;
  health: Health;
  entries: Entry[];
  unknown: UnknownGroup[];
  /** Of the track that plays; null: nobody has any. */
  lyrics: Lyrics | null;
  lyricsAreAt: 'home' | 'lrclib';
  mayAskLrclib: boolean;
  /** Requests whose path begins with this fail with 500; null: none does. */
  fails: string | null;
  /** Requests to /api whose path begins with this are never answered; null: all are. */
  hangs: string | null;
  /** There is a live connection; false: it fails each time. */
  isLive: boolean;
  /** The live connection is cut this long (ms) after it was opened. */
  cutsAfterMs: number | null;
  /** Level of the input, RMS; null: none is told. */
  loudness: number | null;
  /** What a person chooses in the dialog for a folder; null: it is cancelled. */
  chosenFolder: string | null;
};

const base = (): World => ({
  config: fakeConfig,
  status: playingStatus(),
  health: fakeHealth(),
  entries: fakeEntries({ count: 24 }),
  unknown: fakeUnknown({ count: 5 }),
  lyrics: fakeLyrics,
  lyricsAreAt: 'home',
  mayAskLrclib: false,
  fails: null,
  hangs: null,
  isLive: true,
  cutsAfterMs: null,
  loudness: 0.11,
  chosenFolder: '/home/anna/Records',
});

/** Each is a day in the life of the page. */
export const scenarios = {
  confirmed: base,
  tentative: () => ({ ...base(), status: tentativeStatus() }),
  'lyrics-unsynced': () => ({
    ...base(),
    lyrics: { synced: false, lines: fakeLyrics.lines.map(({ words }) => ({ startTimeMs: 0, words })) },
  }),
  'lyrics-long': () => ({
    ...base(),
    lyrics: {
      synced: true,
      lines: fakeLyrics.lines.map((line) => ({ ...line, words: `${line.words} `.repeat(7).trim() })),
    },
  }),
  'lyrics-none': () => ({ ...base(), lyrics: null, mayAskLrclib: true }),
  'lyrics-offer': () => ({ ...base(), lyricsAreAt: 'lrclib' as const }),
  'lyrics-loading': () => ({ ...base(), hangs: '/api/lyrics' }),
  'lyrics-failing': () => ({ ...base(), fails: '/api/lyrics' }),
  waiting: () => ({ ...base(), status: waitingStatus, loudness: 0.0002 }),
  empty: () => ({
    ...base(),
    config: { ...fakeConfig, initial_setup_complete: false },
    status: waitingStatus,
    health: {
      ...fakeHealth(),
      index: { state: 'ready' as const, tracks: 0, hours: 0, progress: 1 },
    },
    entries: [],
    unknown: [],
    loudness: 0.0002,
  }),
  noise: () => ({
    ...base(),
    status: { ...waitingStatus, message: 'Only groove noise.' },
    loudness: 0.004,
  }),
  'not-known': () => ({ ...base(), status: notKnownStatus() }),
  loading: () => ({ ...base(), hangs: '/api/unknown' }),
  'no-key': () => ({ ...base(), health: { ...fakeHealth(), providers: providersWithoutKey() } }),
  'no-input': () => ({
    ...base(),
    status: { ...waitingStatus, success: false, phase: 'no_input' as const, message: '' },
    health: {
      ...fakeHealth(),
      input: { state: 'none' as const, name: null, sampleRate: null, channels: null, level: null },
    },
    loudness: null,
  }),
  'input-given': () => ({
    ...base(),
    health: { ...fakeHealth(), input: { ...fakeHealth().input, given: 'alsa_input.usb' } },
  }),
  side: () => ({
    ...base(),
    status: sideStatus(),
    entries: fakeEntries({ count: 24 }).map((entry, at) => ({ ...entry, inferred: at === 1 })),
  }),
  'side-finished': () => ({ ...base(), status: sideFinishedStatus, loudness: 0.002 }),
  paused: () => ({
    ...base(),
    status: { ...waitingStatus, phase: 'paused' as const, message: 'Listening is paused.' },
  }),
  'services-failing': () => ({
    ...base(),
    health: { ...fakeHealth(), providers: troubledProviders() },
  }),
  'services-resting': () => ({
    ...base(),
    health: { ...fakeHealth(), providers: restingProviders() },
  }),
  window: () => ({
    ...base(),
    health: {
      ...fakeHealth(),
      window: fakeWindow({ state: 'available', version: '0.2.0', notes: 'Lyrics.\nFewer mistakes.' }),
    },
  }),
  'window-failing': () => ({
    ...base(),
    chosenFolder: null,
    health: {
      ...fakeHealth(),
      window: fakeWindow({ state: 'failed', message: 'The server of the updates does not answer.' }),
    },
  }),
  long: () => ({ ...base(), status: longStatus(), entries: longEntries() }),
  failing: () => ({ ...base(), fails: '/api/' }),
  'settings-loading': () => ({ ...base(), hangs: '/api/settings' }),
  'settings-failing': () => ({ ...base(), fails: '/api/settings' }),
  'inputs-failing': () => ({ ...base(), fails: '/api/settings/devices' }),
  'config-loading': () => ({ ...base(), hangs: '/api/config' }),
  'health-loading': () => ({ ...base(), hangs: '/api/health', isLive: false }),
  'health-failing': () => ({ ...base(), fails: '/api/health', isLive: false }),
  'health-empty': () => ({ ...base(), health: fakeHealthOfNobody() }),
  'health-full': () => ({ ...base(), health: fakeHealthInTrouble() }),
  lost: () => ({ ...base(), cutsAfterMs: 400 }),
  full: () => ({ ...base(), entries: fakeEntries({ count: 500 }), unknown: fakeUnknown({ count: 120 }) }),
  indexing: () => ({
    ...base(),
    status: waitingStatus,
    health: {
      ...fakeHealth(),
      status: 'degraded' as const,
      services: fakeHealth().services.map((service) =>
        service.name === 'recorder'
          ? { ...service, state: 'restarting' as const, detail: 'It ended with status 1.', restarts: 3 }
          : service,
      ),
      index: {
        state: 'indexing' as const,
        tracks: 1812,
        hours: 121.7,
        progress: 0.43,
        current: '/mnt/records/digitised/Ostrava Quartet/Live at the Mill/03 - Concrete Garden.flac',
        problems: [
          { path: '/home/anna/Music/broken.mp3', message: 'This sound file cannot be read.' },
          { path: '/home/anna/Music/empty.flac', message: 'The file is empty.' },
        ],
      },
      warnings: ['The setting “duration” had a value that is not allowed (900). 15 is used.'],
    },
    loudness: 0.0002,
  }),
} satisfies Record<string, () => World>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as ScenarioName[];
