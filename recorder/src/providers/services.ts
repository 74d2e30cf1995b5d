/** The services on the internet together: who may be asked, in which order, and how each of them is. */
import { createHash } from 'node:crypto';
import { type Config, type OnlineProvider, onlineProviders, type ProviderHealth } from '@pidentify/contracts';
import type {
  Circumstances,
  Provider,
  ProviderAnswer,
  Sound,
  WholeTrack,
  WholeTrackAnswer,
  WholeTrackProvider,
} from '../identify.ts';
import { createMemoWriter, readMemo, type Store } from '../store.ts';
import { acoustid } from './acoustid.ts';
import { acrcloud } from './acrcloud.ts';
import { audd } from './audd.ts';
import { createDesk, type Desk } from './desk.ts';
import { createGate, gateMemorySchema, type ServiceGate } from './limits.ts';
import type { BucketSize } from './limits-bucket.ts';
import { nextMidnightMs } from './limits-day.ts';
import { servicesInOrder } from './order.ts';

export type ServiceSettings = Pick<
  Config,
  | 'provider_order'
  | 'music_id_plugin'
  | 'provider_daily_budget'
  | 'audd_token'
  | 'audd_url'
  | 'acrcloud_access_key'
  | 'acrcloud_access_secret'
  | 'acrcloud_url'
  | 'acoustid_key'
  | 'acoustid_url'
>;

/** Clips are asked about now and then; three in a row are already many. */
const clipBucket: BucketSize = { most: 3, everyMs: 20_000 };
/** AcoustID wants no more than three calls a second. */
const wholeTrackBucket: BucketSize = { most: 1, everyMs: 1000 };

type ServicesOptions = {
  store: Store;
  now(): number;
  random(): number;
  onHealth(health: ProviderHealth[]): void;
  onTrouble(provider: string, why: string): void;
  /** What was used of the limits could not be written; it holds until the process ends. */
  onUnsaved(error: unknown): void;
};
type Told = {
  answer: ProviderAnswer;
  by: OnlineProvider | null;
  answers: { by: OnlineProvider; answer: ProviderAnswer }[];
};
type Member<P> = { keys: string; gate: ServiceGate; desk: Desk; provider: P };

export function createServices(options: ServicesOptions) {
  const { store, now, random, onHealth, onTrouble } = options;
  const saveMemo = createMemoWriter(store, options.onUnsaved);
  let settings: ServiceSettings | null = null;
  const clips = new Map<OnlineProvider, Member<Provider>>();
  const wholeTracks = new Map<OnlineProvider, Member<WholeTrackProvider>>();
  const closing = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  function gateOf(memo: string, bucket: BucketSize) {
    return createGate({
      budget: () => settings?.provider_daily_budget ?? 0,
      bucket,
      random,
      recalled: gateMemorySchema.safeParse(readMemo(store, memo)).data ?? null,
      remember: (memory) => saveMemo(memo, memory),
    });
  }

  /** All limits belong to the key: another one is a new start. Who takes out a refused one wants it tried when it is back. */
  function join<P extends { limitMs: number }>(
    members: Map<OnlineProvider, Member<P>>,
    name: OnlineProvider,
    { keys, bucket, make }: { keys: readonly string[]; bucket: BucketSize; make(): P },
  ): void {
    const joined = keys.join('\n');
    if (keys.includes('')) {
      members.get(name)?.gate.forgetRefusal();
      members.delete(name);
    } else if (members.get(name)?.keys !== joined) {
      const provider = make();
      const gate = gateOf(memoName(name, joined), bucket);
      const { limitMs } = provider;
      members.set(name, { keys: joined, provider, gate, desk: createDesk({ limitMs, gate, now, onAnswer }) });
    }
    function onAnswer(text: string | null, failed: boolean): void {
      if (failed) onTrouble(name, text ?? '');
      report();
    }
  }

  const order = () => (settings ? servicesInOrder(settings) : []);

  function healthOf(name: OnlineProvider): ProviderHealth {
    const desk = (clips.get(name) ?? wholeTracks.get(name))?.desk;
    const budget = settings?.provider_daily_budget ?? null;
    const idle = { detail: null, until: null, calls_today: 0, last_answer: null, median_ms: null };
    if (!order().includes(name)) return { name, budget, ...idle, ...desk?.health(), state: 'off' };
    return desk ? { name, budget, ...desk.health() } : { name, budget, ...idle, state: 'no_key' };
  }

  const inOrderThenOff = () => [...new Set([...order(), ...onlineProviders])];

  /** Tells how all are; again when one of them may be asked again, and when a new day begins. */
  function report(): void {
    clearTimeout(timer);
    if (closing.signal.aborted) return;
    const health = inOrderThenOff().map(healthOf);
    onHealth(health);
    const nowMs = now();
    const times = health.flatMap(({ until }) => (until === null ? [] : [Date.parse(until)]));
    const nextMs = Math.min(nextMidnightMs(nowMs), ...times);
    timer = setTimeout(report, Math.max(1000, nextMs - nowMs)).unref();
  }

  /** Those to be asked about a clip, `first` before the others. */
  function askable(first: OnlineProvider | null, only: readonly OnlineProvider[] = onlineProviders) {
    return order()
      .filter((name) => only.includes(name))
      .toSorted((a, b) => Number(b === first) - Number(a === first))
      .flatMap((name) => {
        const member = clips.get(name);
        return member?.desk.mayAsk() ? [{ name, ...member }] : [];
      });
  }

  const askableForWholeTracks = () =>
    order().flatMap((name) => {
      const member = wholeTracks.get(name);
      return member?.desk.mayAsk() ? [{ name, ...member }] : [];
    });

  return {
    /** To be called at the start and whenever settings may have changed. */
    apply(changed: ServiceSettings): void {
      settings = changed;
      const { audd_token: token, audd_url, acoustid_key: key, acoustid_url } = changed;
      const { acrcloud_access_key: accessKey, acrcloud_access_secret: accessSecret, acrcloud_url } = changed;
      join(clips, 'audd', {
        keys: [token, audd_url],
        bucket: clipBucket,
        make: () => audd({ token, url: audd_url }),
      });
      join(clips, 'acrcloud', {
        keys: [accessKey, accessSecret, acrcloud_url],
        bucket: clipBucket,
        make: () => acrcloud({ accessKey, accessSecret, url: acrcloud_url, now }),
      });
      join(wholeTracks, 'acoustid', {
        keys: [key, acoustid_url],
        bucket: wholeTrackBucket,
        make: () => acoustid({ key, url: acoustid_url }),
      });
      report();
    },
    /** Whether anybody may be asked about a clip now. */
    mayAsk: () => askable(null).length > 0,
    /**
     * Asks about a clip, one service after the other, the one named `first` before the rest, none but `only`; the first match
     * counts. "No match" needs one that could tell. `by`: who named it; `answers`: what each of them said that was asked.
     */
    async ask(
      sound: Sound,
      circumstances: Circumstances,
      first: OnlineProvider | null,
      only?: readonly OnlineProvider[],
    ): Promise<Told> {
      const answers: Told['answers'] = [];
      let answer: ProviderAnswer = { kind: 'cannot_tell', why: 'nobody may be asked now' };
      for (const { name, desk, provider } of askable(first, only)) {
        const given = await desk.ask(
          (signal) => provider.identify(sound, signal, circumstances),
          closing.signal,
        );
        if (given) answers.push({ by: name, answer: given });
        if (given?.kind === 'match') return { answer: given, by: name, answers };
        if (given?.kind === 'no_match') answer = given;
      }
      return { answer, by: null, answers };
    },
    /** Who may be asked about a clip, or about a whole track, now; the first of them is asked first. */
    askable: (about: 'clip' | 'take'): OnlineProvider[] =>
      (about === 'clip' ? askable(null) : askableForWholeTracks()).map(({ name }) => name),
    /** Asks the first who may be asked about a whole track that nobody has named. Its blocks are read once. */
    async identifyTake(track: WholeTrack): Promise<WholeTrackAnswer> {
      const [member] = askableForWholeTracks();
      const answer = await member?.desk.ask(
        (signal) => member.provider.identifyTrack(track, signal),
        closing.signal,
      );
      return answer ?? { kind: 'cannot_tell', why: 'nobody may be asked now' };
    },
    close(): void {
      clearTimeout(timer);
      closing.abort();
    },
  };
}
export type Services = ReturnType<typeof createServices>;

/** The hash tells keys apart, and nothing of them. */
const memoName = (name: OnlineProvider, keys: string) =>
  `provider.${name}.${createHash('sha256').update(keys).digest('hex').slice(0, 16)}`;
