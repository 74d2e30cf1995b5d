import type { OnlineProvider, UnknownGroup } from '@pidentify/contracts';
import { iso } from '../iso.ts';
import type { Stretch } from '../learn/hear.ts';
import type { Store } from '../store.ts';

/** One time that music was heard which nobody could name. */
export type Hearing = Stretch & {
  id: string;
  groupId: string;
  /** Its sound in the index. */
  trackKey: number;
  /** When the sound begins that is kept: later than the music, when the buffer had lost its beginning. */
  soundFromMs: number;
  /** Where its sound begins against that of the first hearing of its group (s), and how much faster it is than that one. */
  offsetSeconds: number;
  speed: number;
  /** The play it becomes once it has a name; made beforehand, so that it is written once. */
  entryId: string;
  /** Size of its sound on the disk; 0: none is kept. */
  soundBytes: number;
  /** The play whose wrong name it bore. */
  takenBack: string | null;
};

type Row = {
  id: string;
  group_id: string;
  track_key: number;
  offset_seconds: number;
  speed: number;
  from_ms: number;
  sound_from_ms: number;
  to_ms: number;
  entry_id: string;
  sound_bytes: number;
  taken_back: string | null;
};

const toHearing = (row: Row): Hearing => ({
  id: row.id,
  groupId: row.group_id,
  trackKey: row.track_key,
  offsetSeconds: row.offset_seconds,
  speed: row.speed,
  fromMs: row.from_ms,
  soundFromMs: row.sound_from_ms,
  toMs: row.to_ms,
  entryId: row.entry_id,
  soundBytes: row.sound_bytes,
  takenBack: row.taken_back,
});

/** What was heard and has no name. */
export function createHearings(store: Store) {
  const insert = store.prepare(
    `INSERT INTO hearings (id, group_id, track_key, offset_seconds, speed, from_ms, sound_from_ms, to_ms, entry_id, sound_bytes,
       asked_key, taken_back)
     VALUES (:id, :groupId, :trackKey, :offsetSeconds, :speed, :fromMs, :soundFromMs, :toMs, :entryId, :soundBytes, 0, :takenBack)`,
  );
  const all = store.prepare('SELECT * FROM hearings ORDER BY from_ms DESC');
  const ofGroup = store.prepare('SELECT * FROM hearings WHERE group_id = ? ORDER BY from_ms DESC');
  const byKey = store.prepare('SELECT * FROM hearings WHERE track_key = ?');
  const byId = store.prepare('SELECT * FROM hearings WHERE id = ?');
  const place = store.prepare(
    'UPDATE hearings SET group_id = :groupId, offset_seconds = :offsetSeconds, speed = :speed WHERE id = :id',
  );
  const drop = store.prepare('DELETE FROM hearings WHERE id = ?');
  const soundGone = store.prepare('UPDATE hearings SET sound_bytes = 0 WHERE id = ?');
  const oldestSound = store.prepare('SELECT * FROM hearings WHERE sound_bytes > 0 ORDER BY from_ms LIMIT 1');
  const toAsk = store.prepare('SELECT * FROM hearings WHERE asked_key < ? ORDER BY from_ms LIMIT 1');
  const asked = store.prepare('UPDATE hearings SET asked_key = ? WHERE id = ?');
  /** The longest of a group about which not all of these services were asked, of the oldest such group. */
  const toAskServices = store.prepare(
    `SELECT * FROM hearings WHERE sound_bytes > 0 AND json_array_length(:services) >
       (SELECT count(DISTINCT service) FROM asked_services JOIN hearings AS other ON other.id = hearing_id
        WHERE other.group_id = hearings.group_id AND service IN (SELECT value FROM json_each(:services)))
     ORDER BY (SELECT min(from_ms) FROM hearings AS other WHERE other.group_id = hearings.group_id),
       to_ms - sound_from_ms DESC LIMIT 1`,
  );
  const askedServices = store.prepare(
    `INSERT INTO asked_services SELECT hearings.id, value FROM hearings, json_each(:services) WHERE group_id = :groupId
     ON CONFLICT DO NOTHING`,
  );
  const whoWasAsked = store.prepare(
    `SELECT DISTINCT service FROM asked_services JOIN hearings ON id = hearing_id WHERE group_id = ?`,
  );
  const sum = store.prepare(
    'SELECT coalesce(sum(sound_bytes), 0) AS bytes, coalesce(sum(to_ms - sound_from_ms), 0) AS ms FROM hearings',
  );

  const list = (rows: unknown): Hearing[] => (rows as Row[]).map(toHearing);
  const one = (row: unknown): Hearing | null => (row ? toHearing(row as Row) : null);

  return {
    insert: (hearing: Hearing): void => void insert.run(hearing),
    /** The newest first. */
    all: (): Hearing[] => list(all.all()),
    /** The newest first. */
    ofGroup: (groupId: string): Hearing[] => list(ofGroup.all(groupId)),
    byKey: (trackKey: number): Hearing | null => one(byKey.get(trackKey)),
    find: (id: string): Hearing | null => one(byId.get(id)),
    place: ({ id, groupId, offsetSeconds, speed }: Hearing): void =>
      void place.run({ id, groupId, offsetSeconds, speed }),
    drop: (id: string): void => void drop.run(id),
    soundGone: (id: string): void => void soundGone.run(id),
    oldestSound: (): Hearing | null => one(oldestSound.get()),
    /** The oldest one that has not been compared with what the index has had under `trackKey` and before. */
    toAsk: (trackKey: number): Hearing | null => one(toAsk.get(trackKey)),
    asked: (id: string, trackKey: number): void => void asked.run(trackKey, id),
    /** A hearing whose sound is kept and about whose group one of these services was not asked. */
    toAskServices: (services: readonly OnlineProvider[]): Hearing | null =>
      one(toAskServices.get({ services: JSON.stringify(services) })),
    /** These services have said all they can about the group. */
    askedServices: (groupId: string, services: readonly OnlineProvider[]): void =>
      void askedServices.run({ groupId, services: JSON.stringify(services) }),
    wasAsked: (groupId: string, service: OnlineProvider): boolean =>
      (whoWasAsked.all(groupId) as { service: string }[]).some((row) => row.service === service),
    totals: (): { bytes: number; hours: number } => {
      const { bytes, ms } = sum.get() as { bytes: number; ms: number };
      return { bytes, hours: ms / 3_600_000 };
    },
  };
}
export type Hearings = ReturnType<typeof createHearings>;

const mostTold = 20;

/** Hearings, the newest first, as people see them: what sounds alike is one. */
export function groupsOf(hearings: readonly Hearing[]): UnknownGroup[] {
  const groups = new Map<string, Hearing[]>();
  for (const hearing of hearings) {
    groups.set(hearing.groupId, [...(groups.get(hearing.groupId) ?? []), hearing]);
  }
  return [...groups].map(([id, heard]) => {
    const withSound = heard.filter(({ soundBytes }) => soundBytes > 0);
    return {
      id,
      times_heard: heard.length,
      first_heard: iso(heard[heard.length - 1].fromMs),
      last_heard: iso(heard[0].fromMs),
      seconds: Math.max(...heard.map(secondsOf)),
      sound_id: withSound.sort((a, b) => soundSecondsOf(b) - soundSecondsOf(a))[0]?.id ?? null,
      hearings: heard.slice(0, mostTold).map(({ id: hearingId, fromMs, toMs }) => ({
        id: hearingId,
        started_at: iso(fromMs),
        ended_at: iso(toMs),
      })),
    };
  });
}

/** Length of the sound that is kept, s. */
export const soundSecondsOf = ({ soundFromMs, toMs }: Hearing) => (toMs - soundFromMs) / 1000;

/** Seconds of its music that were lost before the sound that is kept. */
export const lostSecondsOf = ({ soundFromMs, fromMs }: Hearing) => (soundFromMs - fromMs) / 1000;

/** Of music without pauses a hearing is cut off after so long, whatever tracks it is of. */
export const longestMs = 600_000;
export const isUnseparated = ({ fromMs, toMs }: Stretch) => toMs - fromMs >= longestMs - 1000;

const secondsOf = ({ fromMs, toMs }: Stretch) => (toMs - fromMs) / 1000;
