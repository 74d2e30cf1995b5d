/** Servers that answer as the services do, as their documentation shows it. */
import { createHmac } from 'node:crypto';
import { type ServiceServer, startServiceServer } from './service-server.ts';

/** What is playing as a service would know it; null: it does not know the music. */
export type KnownSong = {
  title: string;
  artist: string;
  durationSeconds: number | null;
  /** Seconds into the song of a clip (mono, 11.025 kHz, full scale 1). */
  offset(clip: Float32Array): number;
} | null;

/** The WAV file in a form, as bytes. */
async function fileOf(form: FormData, field: string): Promise<Uint8Array> {
  const file = form.get(field);
  return file instanceof Blob ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
}
const soundOf = (wav: Uint8Array) =>
  Float32Array.from(new Int16Array(wav.slice(44).buffer), (value) => value / 32_768);

const clock = (seconds: number) =>
  `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;

export function startAudd({ token, song }: { token: string; song(): KnownSong }): Promise<ServiceServer> {
  const error = (error_code: number, error_message: string) => ({
    status: 'error',
    error: { error_code, error_message },
    request_params: {},
    request_api_method: 'recognize',
  });
  return startServiceServer({
    wrongTypes: { status: 'success', result: { artist: 7, title: ['x'], timecode: null } },
    async answer(form) {
      if (form.get('api_token') !== token) {
        return error(
          900,
          `Recognition failed: authorization failed: wrong api_token ${form.get('api_token')}`,
        );
      }
      const file = await fileOf(form, 'file');
      if (file.length === 0) return error(700, 'Recognition failed: there is no file');
      if (file.length < 50_000) return error(300, 'Recognition failed: a problem with fingerprints creating');
      const known = song();
      if (!known) return { status: 'success', result: null };
      return {
        status: 'success',
        result: {
          artist: known.artist,
          title: known.title,
          album: 'Warriors',
          release_date: '2014-09-18',
          label: 'Universal Music',
          timecode: clock(Math.max(0, known.offset(soundOf(file)))),
          song_link: 'https://lis.tn/Warriors',
          ...(known.durationSeconds !== null && {
            spotify: { duration_ms: known.durationSeconds * 1000, track_number: 4, popularity: 12 },
          }),
        },
      };
    },
  });
}

export function startAcrcloud({
  key,
  secret,
  song,
}: {
  key: string;
  secret: string;
  song(): KnownSong;
}): Promise<ServiceServer> {
  const status = (code: number, msg: string) => ({ status: { code, msg, version: '1.0' } });
  return startServiceServer({
    wrongTypes: { status: { code: 0, msg: 'Success' }, metadata: { music: [{ title: 5, artists: 'x' }] } },
    async answer(form, path) {
      const field = (name: string) => String(form.get(name));
      if (field('access_key') !== key) return status(3001, 'Missing/Invalid Access Key');
      const text = ['POST', path, key, field('data_type'), field('signature_version'), field('timestamp')];
      const signature = createHmac('sha1', secret).update(text.join('\n')).digest('base64');
      if (field('signature') !== signature) return status(3014, 'Invalid Signature');
      const file = await fileOf(form, 'sample');
      if (file.length === 0 || field('sample_bytes') !== String(file.length)) {
        return status(3006, 'Invalid Arguments');
      }
      if (file.length < 50_000) return status(2004, "Can't generate fingerprint");
      const known = song();
      if (!known) return status(1001, 'No result');
      const offsetMs = known.offset(soundOf(file)) * 1000;
      const music = {
        title: known.title,
        artists: [{ name: known.artist }],
        album: { name: 'Warriors' },
        label: 'Universal Music',
        release_date: '2014-09-18',
        duration_ms: known.durationSeconds === null ? undefined : known.durationSeconds * 1000,
        db_begin_time_offset_ms: offsetMs + 500,
        sample_begin_time_offset_ms: 500,
        play_offset_ms: offsetMs + ((file.length - 44) / 2 / 11_025) * 1000,
        score: 100,
        external_ids: { isrc: 'USUM71411384' },
        acrid: '6049f11da7095e8bb8266871d4a70873',
      };
      return {
        ...status(0, 'Success'),
        metadata: { music: [{ ...music, title: 'Worse', score: 40 }, music] },
      };
    },
  });
}

/** Knows the fingerprints that it is given; a recording for each. */
export function startAcoustid({
  key,
  known,
}: {
  key: string;
  known(fingerprint: string): { score: number; recordings: object[] }[];
}): Promise<ServiceServer> {
  const error = (code: number, message: string) => ({ status: 'error', error: { code, message } });
  return startServiceServer({
    wrongTypes: { status: 'ok', results: [{ score: 'high', recordings: [{ title: 7 }] }] },
    answer(form, path) {
      if (path !== '/v2/lookup') return error(5, 'internal error');
      if (form.get('client') !== key) return error(4, `invalid API key ${form.get('client')}`);
      const [fingerprint, duration] = [String(form.get('fingerprint')), Number(form.get('duration'))];
      if (!/^AQ[\w-]+$/.test(fingerprint)) return error(3, 'invalid fingerprint');
      if (!Number.isInteger(duration) || duration <= 0) return error(8, 'invalid duration');
      return {
        status: 'ok',
        results: known(fingerprint).map((result) => ({
          id: '9ff43b6a-4f16-427c-93c2-92307ca505e0',
          ...result,
        })),
      };
    },
  });
}
