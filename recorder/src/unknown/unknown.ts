import { createHash } from 'node:crypto';
import {
  type DropUnknown,
  type IdentifiedTrack,
  PidentifyError,
  type TrackNames,
  type UnknownList,
} from '@pidentify/contracts';
import type { Stretch } from '../learn/hear.ts';
import type { Sounds } from '../learn/sounds.ts';
import type { Matcher } from '../matcher.ts';
import { inTransaction, type Store } from '../store.ts';
import type { HeardHop } from '../stretch.ts';
import { groupsOf, type Hearing, type Hearings, lostSecondsOf } from './hearings.ts';
import { type Keep, shared } from './keep.ts';
import { findAlike } from './likeness.ts';
import type { NameGroup } from './naming.ts';
import { placeOf } from './place.ts';
import type { HeardPlay } from './plays.ts';
import type { Sort } from './sort.ts';
import type { SoundFiles } from './sound-files.ts';
import { createStretches, restToldMs } from './stretches.ts';
import type { UnnamedStretches } from './unnamed.ts';
import { shortestSeconds } from './unplayed.ts';

/** Fingerprints of more than this would make the index heavy; the oldest go first. */
const mostHours = 50;

type UnknownOptions = {
  store: Store;
  stretches: UnnamedStretches;
  hearings: Hearings;
  sounds: Sounds;
  files: SoundFiles;
  matcher: Pick<Matcher, 'place'>;
  keep: Keep;
  sort: Sort;
  nameGroup: NameGroup;
  /** Removes sounds from the index that stand for nothing any more. */
  sweep(): Promise<void>;
  /** The newest key of a file in the index. */
  newestFile(): number;
  /** End of what the rolling buffer holds, ms; null: it is empty. */
  bufferEndMs(): number | null;
  /** Whether the rolling buffer has anything of a stretch. */
  isBuffered(stretch: Stretch): boolean;
  /** After so long what could not be read is tried again, ms. */
  readAgainMs: number;
  /** Wall clock, ms. */
  now(): number;
  /** Music was on when an earlier process was killed; what it left is kept next, with its rest. */
  onLeftOpen(): void;
  /** A piece of music is over. */
  onEnd(): void;
  onChange(): void;
  onTrouble(error: unknown): void;
};

/** Music that nobody can name: kept with its true times, compared with what becomes known later, and named once. */
export function createUnknown(options: UnknownOptions) {
  const { store, stretches, hearings, sounds, files, matcher, keep, sort, sweep, onChange } = options;
  let working: Promise<void> | null = null;
  let again = false;
  let closed = false;
  const learntSounds: number[] = [];
  /** Stretches that are over and not in the database yet: the disk may be full. */
  const ended: Stretch[] = [];
  let restTimer: NodeJS.Timeout | undefined;
  let readTimer: NodeJS.Timeout | undefined;

  const cutter = createStretches({
    onOpen(fromMs) {
      try {
        stretches.open(fromMs);
      } catch (error) {
        options.onTrouble(error);
      }
    },
    onEnd(stretch) {
      if (stretch.toMs - stretch.fromMs >= shortestSeconds * 1000) ended.push(stretch);
      writeEnded();
      options.onEnd();
      kick();
    },
  });

  /** Called where sound arrives, which goes on whatever the disk does. */
  function writeEnded(): void {
    try {
      inTransaction(store, () => {
        stretches.open(null);
        for (const stretch of ended) stretches.put({ ...stretch, takenBack: null });
      });
      ended.length = 0;
    } catch (error) {
      options.onTrouble(error);
    }
  }

  /** What cannot be read now is tried again with whatever comes next, and after a while, as long as the buffer has it. */
  async function keepAll(): Promise<void> {
    const failed = new Set<number>();
    const next = () => stretches.all().find(({ fromMs }) => !failed.has(fromMs));
    for (let stretch = next(); stretch && !closed; stretch = next()) {
      const due = stretch;
      const isKept = await attempt(() => keep(due));
      if (closed) return;
      if (isKept || !options.isBuffered(due)) stretches.drop(due);
      else failed.add(due.fromMs);
    }
    clearTimeout(readTimer);
    if (failed.size > 0) readTimer = setTimeout(kick, options.readAgainMs).unref();
  }

  async function work(): Promise<void> {
    await attempt(keepAll);
    for (let key = learntSounds.shift(); key !== undefined && !closed; key = learntSounds.shift()) {
      const trackKey = key;
      await attempt(() => askAgainAfter(trackKey));
    }
    await attempt(sortAll);
    await attempt(shrink);
    if (!closed) onChange();
  }

  /** What goes wrong with one of them is told, and stops none of the others; false: it was not done. */
  async function attempt(step: () => Promise<unknown>): Promise<boolean> {
    if (closed) return false;
    try {
      await step();
      return true;
    } catch (error) {
      if (!closed) options.onTrouble(error);
      return false;
    }
  }

  /** Each is compared once with the files that the index has, and again when there are new ones. */
  async function sortAll(): Promise<void> {
    const newest = Math.max(1, options.newestFile());
    const failed: Hearing[] = [];
    for (let next = hearings.toAsk(newest); next && !closed; next = hearings.toAsk(newest)) {
      const hearing = next;
      await attempt(async () => {
        failed.push(hearing);
        await sort(hearing);
        failed.pop();
      });
      if (!closed) hearings.asked(hearing.id, newest);
    }
    // The disk may be full: they are compared again in the next round.
    for (const { id } of closed ? [] : failed) hearings.asked(id, 0);
  }

  /** A sound was learnt: the hearings that are like it are compared anew. */
  async function askAgainAfter(trackKey: number): Promise<void> {
    const sound = sounds.find(trackKey);
    if (!sound) return;
    for (const likeness of await findAlike(matcher, sound)) {
      const hearing = hearings.byKey(likeness.trackKey);
      if (hearing) hearings.asked(hearing.id, 0);
    }
  }

  async function shrink(): Promise<void> {
    await files.shrink();
    while (hearings.totals().hours > mostHours) await drop(hearings.all().slice(-1));
  }

  async function drop(gone: readonly Hearing[]): Promise<void> {
    if (gone.length === 0) return;
    inTransaction(store, () => {
      for (const { id } of gone) hearings.drop(id);
    });
    await sweep();
    for (const { id } of gone) await files.remove(id);
  }

  async function rounds(): Promise<void> {
    do {
      again = false;
      await work();
    } while (again && !closed);
  }

  function kick(): void {
    if (closed) return;
    again = true;
    working ??= rounds()
      .catch(options.onTrouble)
      .finally(() => {
        working = null;
      });
  }

  function group(id: string): Hearing[] {
    const heard = hearings.ofGroup(id);
    if (heard.length === 0) throw new PidentifyError('unknown_not_found');
    return heard;
  }

  return {
    /** `onsetMs`: when the music that is on began; null when there is none. */
    hop: (hop: HeardHop, onsetMs: number | null): void => cutter.hop(hop, onsetMs),
    /** The input ended or went away. */
    stop: (): void => cutter.stop(),
    /** A named play was written: what was kept of the same time has a name now. */
    async played(play: HeardPlay): Promise<void> {
      const named = hearings.all().filter((hearing) => shared(hearing, play) > 0.5);
      if (named.length === 0) return;
      await drop(named);
      onChange();
    },
    learnt(trackKey: number): void {
      learntSounds.push(trackKey);
      kick();
    },
    /** Something may be done now: the library has grown, the limit was changed, a play was taken back. */
    kick,
    /** Goes on with what an earlier process left. */
    async begin(): Promise<void> {
      await attempt(() => files.tidy());
      const fromMs = stretches.leftOpen();
      const toMs = options.bufferEndMs();
      if (fromMs !== null && toMs !== null && toMs > fromMs) {
        await attempt(async () => options.onLeftOpen());
        cutter.goesOn({ fromMs, toMs });
        const restInMs = toMs + restToldMs - options.now();
        if (restInMs > 0) restTimer = setTimeout(cutter.giveUp, restInMs).unref();
        else cutter.giveUp();
      }
      kick();
    },
    list: (): UnknownList => ({ groups: groupsOf(hearings.all()), sound_bytes: hearings.totals().bytes }),
    /** Gives how many plays were written. Throws `unknown_not_found`. */
    async name(id: string, names: TrackNames): Promise<number> {
      // While the names were typed the row may have become part of another one; its id is that of its first hearing.
      const heard = hearings.ofGroup(id).length > 0 ? group(id) : group(hearings.find(id)?.groupId ?? id);
      const begins = heard.map((each) => each.offsetSeconds - lostSecondsOf(each) * each.speed);
      const place = placeOf(heard[0], { offsetSeconds: -Math.min(...begins), speed: 1 });
      const plays = await options.nameGroup(heard[0].id, trackOf(names), place, { isAllOfIt: true });
      onChange();
      return plays;
    },
    /** Throws `unknown_not_found`. */
    async remove({ id, what }: DropUnknown): Promise<void> {
      const gone = id === null ? hearings.all() : group(id);
      if (what === 'group') await drop(gone);
      for (const hearing of what === 'sound' ? gone : []) {
        hearings.soundGone(hearing.id);
        await files.remove(hearing.id);
      }
      onChange();
    },
    /** What was kept of a play that was taken back, and is right after all, and of those that it became meanwhile. */
    async forgetTakenBack(entryIds: readonly string[]): Promise<void> {
      await drop(
        hearings.all().filter(({ takenBack }) => takenBack !== null && entryIds.includes(takenBack)),
      );
      onChange();
    },
    settled: async (): Promise<void> => {
      while (working) await working;
    },
    close(): void {
      closed = true;
      clearTimeout(restTimer);
      clearTimeout(readTimer);
    },
  };
}
export type Unknown = ReturnType<typeof createUnknown>;

/** A track as a person names it; the same names are the same track. */
function trackOf({ track_name, artist_name, album_name, track_no }: TrackNames): IdentifiedTrack {
  const facts = {
    track_name,
    artist_name: artist_name || null,
    album_name: album_name || null,
    track_no: track_no ?? null,
  };
  const key = JSON.stringify(Object.values(facts)).toLowerCase();
  const id = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return { ...facts, track_id: `person:${id}`, source: 'person' };
}
