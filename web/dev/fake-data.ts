import {
  type ApiConfig,
  type Config,
  type Device,
  defaultConfig,
  type Entry,
  type Health,
  type Lyrics,
  type ProviderHealth,
  type ShellState,
  type Status,
  type UnknownGroup,
} from '@pidentify/contracts';

const minute = 60_000;

/** An instant so many ms from now; negative: ago. */
export const fromNow = (ms: number) => new Date(Date.now() + ms).toISOString();

const records: [title: string, artist: string, album: string, seconds: number][] = [
  ['Harbour Lights', 'The Night Ferries', 'Slow Tide', 245],
  ['Paper Lanterns', 'Mira Solberg', 'Norrsken', 198],
  ['Concrete Garden', 'Ostrava Quartet', 'Live at the Mill', 412],
  ['Seven Minutes to Midnight', 'Dial Tone', 'Exchange', 176],
  ['Blue Kitchen', 'Hannah Okafor', 'Room Service', 221],
  ['Telegraph Hill', 'The Night Ferries', 'Slow Tide', 264],
  ['Wintergreen', 'Pelle & the Pines', 'Needles', 187],
  ['Ode to a Broken Amplifier', 'Dial Tone', 'Exchange', 305],
];

const uuid = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
export const ripId = uuid(1);
export const cover = (seed: number) => `/api/artwork/fake-${seed}.svg`;

/** `count` plays, the newest first, a record every seven minutes with pauses in between. */
export function fakeEntries({ count }: { count: number }): Entry[] {
  return Array.from({ length: count }, (_, index) => {
    const [title, artist, album, seconds] = records[index % records.length];
    const startedAt = -(index * 7 + 2 + Math.floor(index / 9) * 260) * minute;
    return {
      entry_id: uuid(index + 1),
      track_guid: uuid(900 + (index % records.length)),
      detected_at: fromNow(startedAt + 20_000),
      started_at: fromNow(startedAt),
      ended_at: fromNow(startedAt + seconds * 1000),
      saved_temp_buffer: index === 2 || index === 5,
      saved_to_library: index % 6 === 3,
      track: {
        track_guid: uuid(900 + (index % records.length)),
        track_name: title,
        artist_name: artist,
        album_name: album,
        track_no: (index % 9) + 1,
        track_image: index % 5 === 4 ? null : cover(index % records.length),
        duration_seconds: seconds,
      },
    };
  });
}

/** `count` unknown tracks, the newest first: some heard once, some often, some without sound. */
export function fakeUnknown({ count }: { count: number }): UnknownGroup[] {
  return Array.from({ length: count }, (_, index) => {
    const times = [1, 3, 1, 2, 24][index % 5];
    const hearings = Array.from({ length: Math.min(20, times) }, (_unused, time) => {
      const startedAt = -(index * 37 + 12 + time * 1490) * minute;
      return {
        id: uuid(5000 + index * 30 + time),
        started_at: fromNow(startedAt),
        ended_at: fromNow(startedAt + 190_000),
      };
    });
    return {
      id: uuid(4000 + index),
      times_heard: times,
      first_heard: hearings[hearings.length - 1].started_at,
      last_heard: hearings[0].started_at,
      seconds: 38 + ((index * 83) % 400),
      sound_id: index % 4 === 2 ? null : hearings[0].id,
      hearings,
    };
  });
}

const longTitle =
  'Symphony No. 6 in F major, Op. 68 “Pastoral”: I. Erwachen heiterer Empfindungen bei der Ankunft auf dem Lande. Allegro ma non troppo (2019 Remaster)';
const longArtist =
  'Donaudampfschifffahrtsgesellschaftskapitänsorchester der Freunde alter Musik, Kammerchor & Gäste';

/** Texts as long as they come, and no picture. */
export function longEntries(): Entry[] {
  return fakeEntries({ count: 6 }).map((entry) => ({
    ...entry,
    track: {
      ...entry.track,
      track_name: longTitle,
      artist_name: longArtist,
      album_name: longArtist,
      track_image: null,
    },
  }));
}

export const fakeConfig: ApiConfig = {
  can_skip: true,
  can_save: true,
  can_edit_history: true,
  buffer_length_seconds: 720,
  temp_save_offset: 30,
  initial_setup_complete: true,
  is_admin: true,
};

export const waitingStatus: Status = {
  success: true,
  message: 'It is quiet.',
  can_skip: false,
  phase: 'waiting',
};

/** Music that nobody could name so far. */
export const notKnownStatus = (): Status => ({
  ...waitingStatus,
  message: 'This is not in your library; listens again shortly.',
  phase: 'resting',
  can_skip: true,
  next_scan: fromNow(23_000),
});

export function playingStatus(): Status {
  return {
    success: true,
    message: 'Two scans agree.',
    recorded_at: fromNow(-60_000),
    started_at: fromNow(-97_000),
    duration_seconds: 245,
    can_skip: true,
    phase: 'resting',
    certainty: 'confirmed',
    entry_id: ripId,
    speed: 1.018,
    next_scan: fromNow(42_000),
    track: {
      track_id: 'harbour-lights',
      offset: 37,
      track_name: 'Harbour Lights',
      artist_name: 'The Night Ferries',
      album_name: 'Slow Tide',
      track_no: 1,
      track_image: cover(0),
      duration_seconds: 245,
    },
  };
}

/** A line each three and a half seconds, with a pause after each fourth. */
export const fakeLyrics: Lyrics = {
  synced: true,
  lines: Array.from({ length: 60 }, (_, at) => ({
    startTimeMs: 8000 + at * 3500,
    words: [
      'The ferry leaves at half past nine',
      'And every lamp along the pier',
      'Goes out behind us, one by one',
      'Until the water is all there is',
      '',
    ][at % 5],
  })),
};

const side = (title: string | null) => ({
  release: 'Slow Tide',
  expected: title === null ? null : { track_name: title },
  finished: title === null,
});

/** The second track of a record, the third to follow. */
export const sideStatus = (): Status => ({ ...playingStatus(), side: side('Telegraph Hill') });
export const sideFinishedStatus: Status = {
  ...waitingStatus,
  message: 'Side finished. Too quiet.',
  side: side(null),
};

export function tentativeStatus(): Status {
  return {
    ...playingStatus(),
    message: 'One scan says so.',
    certainty: 'tentative',
    entry_id: null,
    phase: 'scanning',
    speed: 1.001,
    next_scan: null,
    scan_ends: fromNow(9_000),
    can_skip: false,
  };
}

export function longStatus(): Status {
  const status = playingStatus();
  return {
    ...status,
    message: 'Two scans agree.',
    track: status.track && {
      ...status.track,
      track_name: longTitle,
      artist_name: longArtist,
      album_name: longArtist,
      track_image: null,
      duration_seconds: 3725,
    },
  };
}

/** The user's own music and one service that is on; the others have no key. */
export function fakeProviders(): ProviderHealth[] {
  const off = {
    detail: null,
    until: null,
    calls_today: 0,
    budget: 100,
    last_answer: null,
    median_ms: null,
  };
  return [
    {
      ...off,
      name: 'local',
      state: 'ready',
      calls_today: null,
      budget: null,
      last_answer: { at: fromNow(-4000), kind: 'match', text: null },
      median_ms: 41,
    },
    {
      ...off,
      name: 'audd',
      state: 'ready',
      calls_today: 12,
      last_answer: { at: fromNow(-9 * minute), kind: 'match', text: 'Paper Lanterns by Mira Solberg' },
      median_ms: 1240,
    },
    { ...off, name: 'acrcloud', state: 'no_key' },
    { ...off, name: 'acoustid', state: 'no_key' },
  ];
}

/** The first day: nothing was asked yet. */
export const providersWithoutKey = (): ProviderHealth[] =>
  fakeProviders().map((provider) => ({
    ...provider,
    state: provider.name === 'local' ? 'ready' : 'no_key',
    calls_today: provider.name === 'local' ? null : 0,
    last_answer: null,
    median_ms: null,
  }));

/** Each in another kind of trouble. */
export function troubledProviders(): ProviderHealth[] {
  const [local, audd, acrcloud, acoustid] = fakeProviders();
  return [
    local,
    {
      ...audd,
      state: 'budget_used',
      until: fromNow(9 * 60 * minute),
      calls_today: 100,
    },
    {
      ...acrcloud,
      state: 'failing',
      detail: 'it answers with a web page (HTTP 502)',
      until: fromNow(4 * minute),
      calls_today: 7,
      last_answer: {
        at: fromNow(-2 * minute),
        kind: 'cannot_tell',
        text: 'it answers with a web page (HTTP 502)',
      },
      median_ms: 830,
    },
    {
      ...acoustid,
      state: 'key_refused',
      detail: 'it says: invalid API key (4)',
      until: fromNow(23 * 60 * minute),
      calls_today: 1,
      last_answer: { at: fromNow(-20 * minute), kind: 'cannot_tell', text: 'it says: invalid API key (4)' },
    },
  ];
}

/** The states that are neither well nor trouble, and an index that does not answer. */
export function restingProviders(): ProviderHealth[] {
  const [local, audd, acrcloud, acoustid] = fakeProviders();
  return [
    {
      ...local,
      state: 'failing',
      detail: 'no answer in 5 s',
      last_answer: { at: fromNow(-3000), kind: 'cannot_tell', text: 'no answer in 5 s' },
      median_ms: null,
    },
    {
      ...audd,
      state: 'waiting',
      detail: 'it wants fewer questions (HTTP 429)',
      until: fromNow(5 * minute),
      calls_today: 31,
    },
    {
      ...acrcloud,
      state: 'off',
      calls_today: 3,
      last_answer: { at: fromNow(-200 * minute), kind: 'no_match', text: null },
      median_ms: 910,
    },
    { ...acoustid, state: 'budget_used', budget: 0 },
  ];
}

export function fakeHealth(): Health {
  const service = { state: 'running', restarts: 0, since: fromNow(-94 * minute), detail: null } as const;
  return {
    status: 'ok',
    service: 'pidentify',
    version: '0.1.0',
    services: [
      { name: 'valkey', pid: 4711, ...service },
      { name: 'server', pid: 4712, ...service },
      { name: 'recorder', pid: 4713, ...service, restarts: 1, since: fromNow(-12 * minute) },
    ],
    input: {
      state: 'listening',
      name: 'alsa_input.usb-BEHRINGER_UMC202HD-00.analog-stereo',
      description: 'UMC202HD 192k Analog Stereo',
      sampleRate: 44_100,
      channels: 2,
      bitsPerSample: 16,
      level: 0.1,
      lostFrames: 0,
    },
    index: { state: 'ready', tracks: 4217, hours: 289.4, progress: 1, problems: [] },
    providers: fakeProviders(),
    bus: 'connected',
    warnings: [],
  };
}

/** The server alone: the first moments of a start, or a recorder that was given up. */
export function fakeHealthOfNobody(): Health {
  const [, server] = fakeHealth().services;
  return {
    ...fakeHealth(),
    status: 'degraded',
    services: [{ ...server, since: fromNow(-2000) }],
    input: { state: 'opening', name: null, sampleRate: null, channels: null, level: null },
    index: { state: 'starting', tracks: 0, hours: 0, progress: 0 },
    providers: [],
    bus: 'connecting',
  };
}

/** Everything in trouble at once, in words as long as they come. */
export function fakeHealthInTrouble(): Health {
  const folder = '/run/media/anna/Archive of the Radio Orchestra/lossless transfers of 1962-1987';
  const problems = Array.from({ length: 50 }, (_, at) => ({
    path: `${folder}/${at + 1} - ${longTitle}.flac`,
    message: 'This sound file cannot be read.',
  }));
  const detail = `It ended with status 1: EACCES: permission denied, open '${folder}/.index-0000000000000000000000000000000000000000.tmp'`;
  return {
    ...fakeHealth(),
    status: 'degraded',
    services: fakeHealth().services.map((service) => ({
      ...service,
      state: service.name === 'recorder' ? 'failed' : 'restarting',
      restarts: 1204,
      since: fromNow(-40 * 24 * 60 * minute),
      detail,
    })),
    input: {
      ...fakeHealth().input,
      state: 'lost',
      description: `${longArtist} ${longArtist}`,
      message: `There is no input named "${fakeHealth().input.name}". Known are: ${Array.from({ length: 6 }, (_, at) => `alsa_input.pci-0000_00_1f.${at}.analog-stereo`).join(', ')}.`,
      lostFrames: 12_345_678,
    },
    index: {
      state: 'failed',
      tracks: 1_204_217,
      hours: 98_289.4,
      progress: 0.99,
      current: problems[0].path,
      problems,
    },
    providers: troubledProviders().map((provider) => ({
      ...provider,
      detail: provider.detail && `${provider.detail} ${folder.replaceAll(' ', '%20')}`,
      last_answer: { at: fromNow(-minute), kind: 'match', text: `${longTitle} by ${longArtist}` },
    })),
    warnings: [
      detail,
      `The folder ${folder} cannot be read.`,
      'The setting “duration” is not allowed (900).',
    ],
  };
}

export const fakeWindow = (update: ShellState['update']): ShellState => ({
  tray: true,
  autostart: false,
  closeToTray: true,
  update,
});

export const fakeConfigFile: Config = {
  ...defaultConfig,
  music_folders: ['/home/anna/Music', '/mnt/records/digitised'],
  audd_token: 'given',
};

const device = (index: number, description: string, isMonitor: boolean): Device => ({
  id: `device-${index}`,
  name: `alsa_device_${index}`,
  index,
  max_input_channels: 2,
  default_samplerate: 48_000,
  description,
  is_monitor: isMonitor,
  is_default: index === 0,
});

export const fakeDevices: Device[] = [
  device(0, 'UMC202HD 192k Analog Stereo', false),
  device(1, 'Built-in Audio Analog Stereo', false),
  device(2, 'Monitor of Built-in Audio', true),
];
