import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { seeded } from '../seeded.ts';
import {
  buzz,
  groove,
  hum,
  join,
  mix,
  needleDrop,
  phone,
  pink,
  room,
  runOut,
  sampleRate,
  singing,
  toLevel,
  white,
} from './noise.ts';

/** `use`: what was heard while thresholds were set, or what was heard after that for the first time. */
export type Material = {
  name: string;
  kind: 'noise' | 'talk' | 'music';
  use: 'tuning' | 'unseen';
  /** Where the sound of its kind begins, s. */
  from: number;
  pcm(): Float32Array;
};

/** Folder under which Debian's packages are unpacked; they need not be installed. */
const root = process.env.GATE_ROOT ?? '/';
const games = (path: string) => joinPath(root, 'usr/share/games', path);

function decode(path: string, { from = 0, seconds = 30 } = {}): Float32Array {
  if (!existsSync(path)) throw new Error(`${path} is missing: see docs/judgement.md for the packages`);
  const bytes = execFileSync(
    'ffmpeg',
    [
      ...['-v', 'error', '-ss', String(from), '-t', String(seconds), '-i', path],
      ...['-ac', '1', '-ar', String(sampleRate), '-f', 'f32le', '-'],
    ],
    { maxBuffer: 1 << 28 },
  );
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2).slice();
}

const silence = (seconds: number) => new Float32Array(Math.round(seconds * sampleRate));

/** Sentences of a speaker one after another with pauses of 0.2 to 1.2 s. */
function speech(files: readonly string[], { seconds, seed }: { seconds: number; seed: number }) {
  const next = seeded(seed);
  const parts: Float32Array[] = [];
  for (let length = 0; length < seconds * sampleRate; ) {
    const sentence = decode(files[Math.floor(next() * files.length)]);
    const part = join(sentence, silence(0.2 + next()));
    parts.push(part);
    length += part.length;
  }
  return toLevel(join(...parts).subarray(0, seconds * sampleRate), -24);
}

const text =
  'Well, I put the old record on last night, and do you know what? It still sounds wonderful. We should have some coffee first. ' +
  'Did you hear about the neighbours? They are moving to the coast in spring, which nobody expected at all! ' +
  'I would like to go there too, some day. Anyway, tell me: how was your week? Busy, I suppose. Mine was long. ' +
  'On Monday we were at the office until nine, and on Tuesday the train was late again. Could you pass me the milk, please? Thank you.';

function espeak(voice: string, { pitch = 50, speed = 165 } = {}): Float32Array {
  const wav = execFileSync(
    'espeak-ng',
    ['-v', voice, '-p', String(pitch), '-s', String(speed), '--stdout', text],
    {
      maxBuffer: 1 << 28,
    },
  );
  const bytes = execFileSync(
    'ffmpeg',
    ['-v', 'error', '-i', '-', '-ac', '1', '-ar', String(sampleRate), '-f', 'f32le', '-'],
    {
      input: wav,
      maxBuffer: 1 << 28,
    },
  );
  return toLevel(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2).slice(), -24);
}

const filesIn = (folder: string) => {
  if (!existsSync(folder)) throw new Error(`${folder} is missing: see docs/judgement.md for the packages`);
  return readdirSync(folder)
    .filter((name) => /\.(wav|ogg|opus|gsm)$/.test(name))
    .sort()
    .map((name) => joinPath(folder, name));
};
const asterisk = (voice: string) =>
  filesIn(joinPath(root, 'usr/share/asterisk/sounds', voice)).filter(
    (f) => !/beep|tone|monkeys|silence/.test(f),
  );
const allison = () => asterisk('en_US_f_Allison');
const hedgewars = (voice: string) => filesIn(games(`hedgewars/Data/Sounds/voices/${voice}`));

const noise = (name: string, use: Material['use'], pcm: () => Float32Array): Material => ({
  name,
  kind: 'noise',
  use,
  from: 0,
  pcm,
});
const talk = (name: string, use: Material['use'], pcm: () => Float32Array): Material => ({
  name,
  kind: 'talk',
  use,
  from: 0,
  pcm,
});

/** Voices of a party, each from its own corner. */
const party = (voices: readonly (readonly string[])[], seed: number) =>
  mix(
    ...voices.map((files, n) =>
      toLevel(
        room(join(silence(1.5 * n), speech(files, { seconds: 60 - 1.5 * n, seed: seed + n })), seed + n),
        -30 - n,
      ),
    ),
    pink(60, -56, seed),
  );

const noises: Material[] = [
  noise('needle drop, groove -54 dBFS', 'tuning', () => needleDrop(30, { db: -54, lead: 6, seed: 95 })),
  noise('needle drop, groove -46 dBFS', 'tuning', () => needleDrop(30, { db: -46, lead: 9, seed: 96 })),
  noise('digital silence', 'tuning', () => silence(60)),
  noise('idle phono stage, -72 dBFS', 'tuning', () =>
    mix(white(60, -76, 1), hum(60, { db: -74, mainsHz: 50 })),
  ),
  noise('idle phono stage, -60 dBFS', 'tuning', () =>
    mix(white(60, -66, 2), hum(60, { db: -62, mainsHz: 50 })),
  ),
  noise('idle phono stage, 60 Hz, -50 dBFS', 'tuning', () =>
    mix(white(60, -60, 3), hum(60, { db: -50, mainsHz: 60.02 })),
  ),
  noise('hum 50 Hz, -45 dBFS', 'tuning', () => mix(white(60, -75, 4), hum(60, { db: -45, mainsHz: 49.98 }))),
  noise('hum 60 Hz, -35 dBFS', 'tuning', () => mix(white(60, -70, 5), hum(60, { db: -35, mainsHz: 59.97 }))),
  noise('hum begins after 20 s', 'tuning', () =>
    mix(white(60, -70, 6), join(silence(20), hum(40, { db: -40, mainsHz: 50.03 }))),
  ),
  ...(
    [
      [99.8, 0.03, -40],
      [100, 0.1, -50],
      [120, 0.03, -50],
      [120.1, 0.1, -40],
    ] as const
  ).map(([hz, share, db]) =>
    noise(`buzz ${hz} Hz begins, ${db} dBFS, ${100 * share} %`, 'tuning', () =>
      mix(
        groove(50, { db: -58, clicksPerSecond: 3, seed: 7 }),
        join(silence(10), buzz(40, { db, hz, share })),
      ),
    ),
  ),
  ...[true, false].map((inCall) =>
    noise(inCall ? 'a phone in a call begins' : 'a phone that answers the network', 'tuning', () =>
      mix(
        groove(50, { db: -58, clicksPerSecond: 3, seed: 8 }),
        join(silence(10), phone(40, { db: -40, inCall })),
      ),
    ),
  ),
  noise('groove -65 dBFS, few clicks', 'tuning', () => groove(60, { db: -65, clicksPerSecond: 2, seed: 10 })),
  noise('groove -55 dBFS, clicks', 'tuning', () => groove(60, { db: -55, clicksPerSecond: 10, seed: 20 })),
  noise('groove -45 dBFS, crackle', 'tuning', () => groove(60, { db: -45, clicksPerSecond: 40, seed: 30 })),
  noise('groove -38 dBFS, worn', 'tuning', () => groove(60, { db: -38, clicksPerSecond: 80, seed: 40 })),
  noise('groove -50 dBFS, few large clicks', 'tuning', () =>
    groove(60, { db: -50, clicksPerSecond: 1, seed: 50 }),
  ),
  noise('groove -52 dBFS with hum', 'tuning', () =>
    mix(groove(60, { db: -52, clicksPerSecond: 8, seed: 55 }), hum(60, { db: -52, mainsHz: 50.01 })),
  ),
  noise('run-out, -50 dBFS', 'tuning', () => runOut(60, -50, 60)),
  noise('run-out, -42 dBFS', 'tuning', () => runOut(60, -42, 70)),
  noise('needle on and off a silent groove', 'tuning', () =>
    join(
      ...[1, 2, 3, 4].flatMap((n) => [
        white(7, -70, n),
        groove(8, { db: -48, clicksPerSecond: 12, seed: 80 + n }),
      ]),
    ),
  ),
  noise('white noise -40 dBFS', 'tuning', () => white(60, -40, 90)),
  noise('white noise -20 dBFS', 'tuning', () => white(60, -20, 91)),
  noise('pink noise -40 dBFS', 'tuning', () => pink(60, -40, 92)),
  noise('pink noise -20 dBFS', 'tuning', () => pink(60, -20, 93)),
];

const talks: Material[] = [
  talk('espeak English, man', 'tuning', () => espeak('en-us')),
  talk('espeak English, woman', 'tuning', () => espeak('en+f3', { pitch: 65 })),
  talk('espeak German', 'tuning', () => espeak('de', { speed: 150 })),
  talk('espeak French, quick', 'tuning', () => espeak('fr+f2', { pitch: 60, speed: 190 })),
  talk('espeak Italian', 'tuning', () => espeak('it+m3', { pitch: 40 })),
  talk('recorded, Allison', 'tuning', () => speech(allison(), { seconds: 60, seed: 1 })),
  talk('recorded, Allison again', 'tuning', () => speech(allison(), { seconds: 120, seed: 2 })),
  talk('recorded, British', 'tuning', () => speech(hedgewars('British'), { seconds: 60, seed: 3 })),
  talk('recorded, Russian', 'tuning', () => speech(hedgewars('Russian'), { seconds: 60, seed: 4 })),
  talk('recorded, Spanish', 'tuning', () => speech(hedgewars('Default_es'), { seconds: 60, seed: 5 })),
  talk('a room with talk, -35 dBFS', 'tuning', () =>
    mix(toLevel(room(speech(allison(), { seconds: 60, seed: 6 }), 1), -35), pink(60, -58, 7)),
  ),
  talk('espeak Greek in a room', 'tuning', () =>
    mix(
      toLevel(room(espeak('el', { pitch: 45 }), 21), -32),
      groove(60, { db: -52, clicksPerSecond: 4, seed: 22 }),
    ),
  ),
  talk('recorded, Italian, loud', 'tuning', () =>
    toLevel(speech(asterisk('it_IT_m_Carlo'), { seconds: 60, seed: 23 }), -14),
  ),
  talk('recorded, Spanish 2', 'tuning', () => speech(asterisk('es_MX_f_Allison'), { seconds: 60, seed: 24 })),
  talk('a room with three talking', 'tuning', () =>
    party([asterisk('it_IT_m_Carlo'), allison(), hedgewars('British')], 30),
  ),
  talk('a room with five talking', 'tuning', () =>
    party(
      [
        asterisk('es_MX_f_Allison'),
        hedgewars('Classic'),
        allison(),
        asterisk('it_IT_m_Carlo'),
        hedgewars('Russian'),
      ],
      40,
    ),
  ),
  talk('a room with talk over traffic', 'tuning', () =>
    mix(
      toLevel(room(speech(allison(), { seconds: 60, seed: 16 }), 4), -35),
      groove(60, { db: -45, clicksPerSecond: 0.1, seed: 17 }),
    ),
  ),
  talk('a room with two talking', 'tuning', () =>
    mix(
      toLevel(room(speech(allison(), { seconds: 60, seed: 8 }), 2), -33),
      toLevel(room(join(silence(3), speech(hedgewars('British'), { seconds: 57, seed: 9 })), 3), -37),
      pink(60, -55, 8),
    ),
  ),
];

/** Music after `lead` s of groove noise (or of nothing). */
function music(
  name: string,
  use: Material['use'],
  path: string,
  {
    at = 0,
    db,
    lead = 4,
    noiseDb = -60,
    shape,
  }: { at?: number; db?: number; lead?: number; noiseDb?: number; shape?: (t: number) => number } = {},
): Material {
  return {
    name,
    kind: 'music',
    use,
    from: lead,
    pcm() {
      const sound = decode(path, { from: at, seconds: 40 });
      const levelled = db === undefined ? sound : toLevel(sound, db);
      const shaped = shape ? levelled.map((value, i) => value * shape(i / sampleRate)) : levelled;
      return mix(
        join(silence(lead), shaped),
        groove(lead + 40, { db: noiseDb, clicksPerSecond: 5, seed: path.length }),
      );
    },
  };
}
const wesnoth = (name: string) => games(`wesnoth/1.16/data/core/music/${name}.ogg`);
const hedge = (name: string) => games(`hedgewars/Data/Music/${name}.ogg`);
const warzone = (name: string) => games(`warzone2100/music/albums/${name}.opus`);
const singularity = (name: string) => games(`singularity/music/${name}.ogg`);
const metal = (name: string) => joinPath('/usr/share/games/fretsonfire/data/songs', name, 'song.ogg');

/** Made singing after `lead` s of groove noise. */
const sung = (name: string, use: Material['use'], lowestHz: number, db: number): Material => ({
  name,
  kind: 'music',
  use,
  from: 4,
  pcm: () =>
    mix(
      join(silence(4), toLevel(singing(40, { lowestHz, seed: lowestHz }), db)),
      groove(44, { db: Math.min(-60, db - 18), clicksPerSecond: 5, seed: lowestHz }),
    ),
});

const musics: Material[] = [
  sung('a man sings alone', 'tuning', 131, -24),
  sung('a woman sings alone', 'tuning', 262, -24),
  sung('a woman sings alone at -45 dBFS', 'tuning', 247, -45),
  music('orchestra, as it is', 'tuning', wesnoth('battle')),
  music('orchestra at -45 dBFS', 'tuning', wesnoth('elf-land'), { db: -45 }),
  music('orchestra at -45 dBFS, 2', 'tuning', wesnoth('sad'), { db: -45 }),
  music('choir at -45 dBFS', 'tuning', wesnoth('nunc_dimittis'), { db: -45 }),
  music('quiet strings at -45 dBFS', 'tuning', wesnoth('the_king_is_dead'), { db: -45 }),
  music('electronic at -45 dBFS', 'tuning', singularity('Coherence'), { db: -45 }),
  music('rock at -45 dBFS', 'tuning', hedge('Rock'), { db: -45 }),
  music('ambient at -45 dBFS', 'tuning', warzone('legacy_soundtrack/track10'), { db: -45 }),
  music('piano', 'tuning', wesnoth('love_theme')),
  music('piano, 2', 'tuning', wesnoth('transience')),
  music('metal', 'tuning', metal('sectoid/Metal madness')),
  music('metal with growls', 'tuning', metal('muldjord/chaos_god')),
  music('rock', 'tuning', hedge('hell')),
  music('pop', 'tuning', hedge('Beach')),
  music('electronic, loud', 'tuning', singularity('Advanced Simulacra')),
  music('electronic', 'tuning', singularity('Awakening')),
  music('ambient', 'tuning', warzone('aftermath_soundtrack/track20')),
  music('folk', 'tuning', wesnoth('traveling_minstrels')),
  music('drums', 'tuning', hedge('Jungle')),
  music('orchestra in the middle', 'tuning', wesnoth('frantic'), { at: 60 }),
  music('from digital silence', 'tuning', hedge('Castle'), { noiseDb: -140 }),
  music('no silence before', 'tuning', hedge('City'), { at: 50, lead: 0 }),
  music('fade in over 10 s', 'tuning', wesnoth('loyalists'), {
    at: 30,
    shape: (t) => Math.min(1, t / 10) ** 2,
  }),
  music('fade in over 20 s', 'tuning', hedge('Freeway'), { at: 60, shape: (t) => Math.min(1, t / 20) ** 2 }),
  music('loud groove (-45), music -30', 'tuning', wesnoth('wanderer'), { db: -30, noiseDb: -45 }),
];

/** Heard once, when all thresholds stood. */
const unseen: Material[] = [
  ...[
    { db: -63, clicksPerSecond: 30, seed: 911 },
    { db: -52, clicksPerSecond: 2, seed: 912 },
    { db: -43, clicksPerSecond: 25, seed: 913 },
  ].map((pressing) =>
    noise(`groove ${pressing.db} dBFS, another pressing`, 'unseen', () => groove(60, pressing)),
  ),
  ...[921, 922, 923].map((seed) =>
    noise(`needle drop ${seed - 920}`, 'unseen', () =>
      needleDrop(30, { db: -64 + 6 * (seed - 920), lead: 5 + (seed - 920), seed }),
    ),
  ),
  noise('run-out, -46 dBFS', 'unseen', () => runOut(60, -46, 931)),
  noise('idle phono stage, 60 Hz, -57 dBFS', 'unseen', () =>
    mix(white(60, -63, 932), hum(60, { db: -58, mainsHz: 60 })),
  ),
  ...(
    [
      ['bg', 40, 150],
      ['lt+f2', 65, 175],
      ['ca+m4', 50, 185],
      ['id+f5', 55, 160],
      ['sw', 45, 145],
    ] as const
  ).map(([voice, pitch, speed]) => talk(`espeak ${voice}`, 'unseen', () => espeak(voice, { pitch, speed }))),
  talk('recorded, Colombian', 'unseen', () => speech(asterisk('es'), { seconds: 60, seed: 941 })),
  talk('recorded, Canadian', 'unseen', () => speech(asterisk('fr_CA_f_June'), { seconds: 60, seed: 942 })),
  talk('recorded, Russian 3', 'unseen', () =>
    speech(asterisk('ru_RU_f_IvrvoiceRU'), { seconds: 60, seed: 943 }),
  ),
  talk('recorded, Surfer', 'unseen', () => speech(hedgewars('Surfer'), { seconds: 60, seed: 944 })),
  talk('a room with talk, Canadian', 'unseen', () =>
    mix(
      toLevel(room(speech(asterisk('fr_CA_f_June'), { seconds: 60, seed: 945 }), 9), -36),
      pink(60, -57, 946),
    ),
  ),
  talk('a room with three talking, 2', 'unseen', () =>
    party([asterisk('ru_RU_f_IvrvoiceRU'), asterisk('fr_CA_f_June'), hedgewars('Mobster')], 950),
  ),
  talk('a room with five talking, 2', 'unseen', () =>
    party(
      [
        asterisk('fr_CA_f_June'),
        hedgewars('Mobster'),
        asterisk('ru_RU_f_IvrvoiceRU'),
        hedgewars('British'),
        hedgewars('HillBilly'),
      ],
      960,
    ),
  ),
  talk('a room with five talking, 3', 'unseen', () =>
    party(
      [allison(), hedgewars('Pirate'), hedgewars('Surfer'), asterisk('fr_CA_f_June'), hedgewars('Classic')],
      970,
    ),
  ),
  sung('a man sings alone, 2', 'unseen', 110, -24),
  sung('a woman sings alone, 2', 'unseen', 294, -30),
  ...(
    [
      ['naev', 'usr/share/naev/dat/snd/music', [3, 6, 9, 12]],
      ['ufoai', 'usr/share/games/ufoai/base/0music.pk3.d/music', [3, 6, 9, 12]],
      ['drascula', 'usr/share/scummvm/drascula/audio', [3, 6, 9, 12]],
      ['lordsawar', 'usr/share/games/lordsawar/music', [3, 6, 0, 5]],
    ] as const
  ).flatMap(([name, folder, numbers]) =>
    numbers.map((number, n): Material => {
      const title = `${name} ${number}${n === 3 ? ' at -45 dBFS' : n === 2 ? ', in the middle' : ''}`;
      const more = { at: n === 2 ? 47 : 0, db: n === 3 ? -45 : undefined };
      return {
        ...music(title, 'unseen', folder),
        pcm: () => music(title, 'unseen', filesIn(joinPath(root, folder))[number], more).pcm(),
      };
    }),
  ),
];

export const materials: readonly Material[] = [...noises, ...talks, ...musics, ...unseen];
