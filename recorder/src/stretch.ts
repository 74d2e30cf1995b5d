import type { Hop } from './ear.ts';
import type { Sound } from './gate/gate.ts';

export type HeardHop = Hop & { sound: Sound };

/**
 * `began`: music, since `onsetMs`; `resumed`: it came back after a moment of far less sound, as between two tracks;
 * `ended`: there is none any more, since `atMs`; `perhaps`: sound since `fromMs` that the user's own index may know, though it
 * does not sound like music; `talking`: there has been nothing but talk for long.
 */
export type Turn =
  | { kind: 'began'; onsetMs: number }
  | { kind: 'resumed'; atMs: number }
  | { kind: 'ended'; atMs: number }
  | { kind: 'perhaps'; fromMs: number }
  | { kind: 'talking' };

/** The gate may need so long to be sure; music began no earlier, nor much earlier than it was sure where its level does not tell. */
const lookBackHops = { most: 16, untold: 8 };
const overNoiseDb = 3;
/** Noise is followed so quickly, a share a hop: what is far louder than the noise so far is perhaps none. */
const noiseFollows = { share: 0.2, louder: 0.03, firstHops: 8 };
/** Where the next track is due, two seconds of sound so far above the noise are worth a look, and again. */
const rise = { db: 5, hops: 8 };
/** Between two looks at noise that swells. */
const swellAgainMs = 6000;
/** Without music for so long, the stretch is over. */
const endMs = 3500;
/** Once there was music, talk ends it later: drums and rap may pass for it. */
const talkEndMs = 15_000;
/**
 * A passage without notes (distorted guitars, applause) ends nothing unless it is softer by so much: while a track is
 * believed in, however long it is; else for a while, if it is far louder than the noise before the music.
 */
const softerDb = 10;
const noteless = { ms: 25_000, overNoiseDb: 15 };
const dip = { db: 15, hops: 2 };
/** How the level of the music is followed, a share a hop: a soft beginning must not be taken for all of it. */
const levelFollows = { louder: 0.1, softer: 0.03 };
/** A spoken record is not locked out for ever: after so much talk it is worth one look, and then now and then. */
const talk = { firstMs: 45_000, againMs: 60_000, breakMs: 5000 };
/** A person who asks for a scan is not told that it is talk. */
const forcedMs = 15_000;
/** After so long with no hop that may be music, what goes on is talk. */
const talksMs = 2000;
const reasonHops = 4;
/** So many of the last hops must be music, so that a click begins nothing. */
const onsetHops = { music: 2, of: 4 };

const bitsOf = (bits: number): number => (bits === 0 ? 0 : (bits & 1) + bitsOf(bits >> 1));
const toDb = (rms: number) => 20 * Math.log10(rms + 1e-6);

/** Where music begins, pauses and ends, from what each hop sounds like. Pure: its clock is the sound's. */
export function createStretch() {
  const recentDb = new Float64Array(lookBackHops.most);
  let hops = 0;
  let isOn = false;
  /** A bit for each of the last hops. */
  let musicHops = 0;
  let noiseDb = -120;
  let noiseHops = 0;
  let risenHops = 0;
  let swellDueMs = Number.NEGATIVE_INFINITY;
  let musicDb = 0;
  let lastAliveMs = 0;
  let lastMusicMs = 0;
  let lastLoudMs = 0;
  let lastNotTalkMs = 0;
  /** The last hop that sounded neither like talk nor like nothing, or of which it is known what it is. */
  let lastTonalMs = 0;
  let lastLoudTalkMs = 0;
  let lowHops = 0;
  let forcedUntilMs = Number.NEGATIVE_INFINITY;
  let lastTalkMs = Number.NEGATIVE_INFINITY;
  let talkDueMs = 0;
  let reason: Sound = 'quiet';
  let nextReason: Sound = 'quiet';
  let nextReasonHops = 0;

  /** The first of the last hops from which on all were louder than the noise before. */
  function onset({ startMs, endMs: nowMs }: Hop): number {
    const hopMs = nowMs - startMs;
    let back = 1;
    while (back < Math.min(lookBackHops.most, hops)) {
      if (recentDb[(hops - 1 - back) % lookBackHops.most] < noiseDb + overNoiseDb) break;
      back += 1;
    }
    const isLouder = recentDb[(hops - 1) % lookBackHops.most] >= noiseDb + overNoiseDb;
    return nowMs - hopMs * (isLouder ? back : Math.min(lookBackHops.untold, hops));
  }

  function begin(onsetMs: number, hop: HeardHop): Turn {
    isOn = true;
    musicHops = 0;
    musicDb = toDb(hop.rms);
    lastAliveMs = hop.endMs;
    lastMusicMs = hop.endMs;
    lastLoudMs = hop.endMs;
    lastNotTalkMs = hop.endMs;
    lastTonalMs = hop.endMs;
    lastLoudTalkMs = Number.NEGATIVE_INFINITY;
    lowHops = 0;
    risenHops = 0;
    lastTalkMs = Number.NEGATIVE_INFINITY;
    return { kind: 'began', onsetMs };
  }

  function followNoise(db: number): void {
    const isLouder = noiseHops >= noiseFollows.firstHops && db >= noiseDb + rise.db;
    if (noiseHops === 0) noiseDb = db;
    else noiseDb += (isLouder ? noiseFollows.louder : noiseFollows.share) * (db - noiseDb);
    noiseHops += 1;
  }

  /** Sound that the next track may begin with: a drone, a distorted guitar. */
  function risen({ sound, startMs, endMs: nowMs }: HeardHop, db: number): Turn | null {
    const mayBe = sound === 'noise' || sound === 'unsure' || sound === 'swelling';
    risenHops = mayBe && db >= noiseDb + rise.db ? risenHops + 1 : 0;
    if (risenHops < rise.hops) return null;
    risenHops = 0;
    return { kind: 'perhaps', fromMs: nowMs - rise.hops * (nowMs - startMs) };
  }

  function swelling({ sound, startMs, endMs: nowMs }: HeardHop): Turn | null {
    if (sound !== 'swelling' || nowMs < swellDueMs) return null;
    swellDueMs = nowMs + swellAgainMs;
    return { kind: 'perhaps', fromMs: nowMs - rise.hops * (nowMs - startMs) };
  }

  function idle(hop: HeardHop, db: number, isNextDue: boolean): Turn | null {
    const { sound, startMs } = hop;
    musicHops = ((musicHops << 1) | Number(sound === 'music')) & ((1 << onsetHops.of) - 1);
    if (sound === 'music' && bitsOf(musicHops) >= onsetHops.music) return begin(onset(hop), hop);
    const perhaps = (isNextDue ? risen(hop, db) : null) ?? swelling(hop);
    if (perhaps) return perhaps;
    if (sound === 'quiet' || sound === 'noise' || sound === 'hum') followNoise(db);
    if (sound !== 'talk') return null;
    if (startMs - lastTalkMs > talk.breakMs) talkDueMs = startMs + talk.firstMs;
    lastTalkMs = hop.endMs;
    if (hop.endMs < talkDueMs) return null;
    talkDueMs = hop.endMs + talk.againMs;
    return { kind: 'talking' };
  }

  function isAlive({ sound, endMs: nowMs }: HeardHop, db: number, believed: boolean): boolean {
    if (sound === 'music' || sound === 'swelling' || sound === 'unsure') return true;
    if (sound === 'quiet') return false;
    if (nowMs < forcedUntilMs) return true;
    if (db < musicDb - softerDb || sound === 'talk') return false;
    return believed || (sound === 'noise' && mayBeNoteless(nowMs, db));
  }

  const mayBeNoteless = (nowMs: number, db: number) =>
    nowMs - lastMusicMs < noteless.ms && db >= noiseDb + noteless.overNoiseDb;

  function playing(hop: HeardHop, db: number, believed: boolean): Turn | null {
    if (hop.sound === 'music') lastMusicMs = hop.endMs;
    if (isAlive(hop, db, believed)) {
      lastAliveMs = hop.endMs;
      musicDb += (db > musicDb ? levelFollows.louder : levelFollows.softer) * (db - musicDb);
    }
    if (hop.sound !== 'quiet' && db >= musicDb - dip.db) lastLoudMs = hop.endMs;
    if (hop.sound !== 'talk') lastNotTalkMs = hop.endMs;
    // What is far softer is no drumming: the needle is up, and its going up may look like a syllable.
    const isLoud = db >= musicDb - softerDb;
    if (hop.sound === 'music' || (isLoud && hop.sound !== 'talk' && hop.sound !== 'quiet'))
      lastTonalMs = hop.endMs;
    if (hop.sound === 'talk' && isLoud) lastLoudTalkMs = hop.endMs;
    const isDrumming = hop.endMs - lastNotTalkMs >= endMs && isLoud;
    const maySpeak = believed && hop.endMs - lastLoudTalkMs < endMs;
    const patienceMs = isDrumming || maySpeak ? talkEndMs : endMs;
    if (hop.endMs - lastAliveMs >= patienceMs) {
      isOn = false;
      return { kind: 'ended', atMs: Math.min(lastAliveMs, lastLoudMs) };
    }
    if (hop.endMs !== lastLoudMs) {
      lowHops += 1;
      return null;
    }
    const wasDip = lowHops >= dip.hops;
    lowHops = 0;
    return wasDip ? { kind: 'resumed', atMs: hop.startMs } : null;
  }

  function followReason(sound: Sound): void {
    nextReasonHops = sound === nextReason ? nextReasonHops + 1 : 1;
    nextReason = sound;
    if (nextReasonHops >= reasonHops) reason = sound;
  }

  return {
    /** `believed`: a track is on the display; `isNextDue`: one has just ended, and the next may begin. */
    hop(
      hop: HeardHop,
      { believed, isNextDue = false }: { believed: boolean; isNextDue?: boolean },
    ): Turn | null {
      const db = toDb(hop.rms);
      recentDb[hops % lookBackHops.most] = db;
      hops += 1;
      followReason(hop.sound);
      return isOn ? playing(hop, db, believed) : idle(hop, db, isNextDue);
    },
    /** Takes what is heard for music, for a while. */
    force(hop: HeardHop): Turn {
      forcedUntilMs = hop.endMs + forcedMs;
      return begin(onset(hop), hop);
    },
    /** Takes what goes on for a part of the music that is on, for a while, talk or not. */
    goOn(nowMs: number): void {
      forcedUntilMs = nowMs + forcedMs;
    },
    /** Whether what is heard is taken for music because somebody wants that. */
    isForced: (nowMs: number): boolean => nowMs < forcedUntilMs,
    /** Nothing is on any more; gives when it was last heard. */
    end(): number {
      isOn = false;
      return Math.min(lastAliveMs, lastLoudMs);
    },
    /** For how long, ms, there has been nothing but talk, or nothing at all, where there was music; 0: it may be music. */
    talkMs: (nowMs: number): number => (isOn && nowMs - lastTonalMs >= talksMs ? nowMs - lastTonalMs : 0),
    /** What sounds like talk is a part of a track: the music goes on. */
    isTrack(nowMs: number): void {
      lastAliveMs = nowMs;
      lastNotTalkMs = nowMs;
      lastTonalMs = nowMs;
    },
    /** What there is in place of music, once it has been so for a second. */
    reason: () => reason,
  };
}
