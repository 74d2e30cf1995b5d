import { createCertainty } from './certainty.ts';
import { createFeatures } from './features.ts';
import { createSpectra } from './spectra.ts';
import { createSwelling } from './swelling.ts';
import { createWindow, type Heard } from './window.ts';

/**
 * What is heard: `quiet`: below the threshold of the settings; `noise`: a groove without music, an idle input;
 * `hum`: of the mains, or the buzz of a dimmer or a phone; `talk`: somebody speaks; `music`: worth asking about; `swelling`: noise
 * as of the sea or a crowd, with which tracks begin and end: worth a look at the user's own index; `unsure`: none of these yet.
 */
export type Sound = 'quiet' | 'noise' | 'hum' | 'talk' | 'music' | 'swelling' | 'unsure';

/** Held bins a frame: noise has at most 0.06 in any two seconds, nine of ten pieces of music more within 1.5 s. */
const heldOfMusic = 0.12;
/** Sound that moves more than any noise does, dB in 0.1 s. */
const movingDb = 3;
/** Share of hum in the power; with more than `noTalk` it is not talk that comes and goes. */
const humShare = { some: 0.5, noTalk: 0.7 };
/**
 * Talk: sound without `bass` that comes and goes by more than `changeDb` (and more yet where notes are held), with
 * gaps. Taken for talk, it stays so for `holdHops`; where there were `votes` in the last `memoryHops`, music must last `proofHops`.
 */
const talk = {
  bass: 0.004,
  changeDb: 3.2,
  changePerNote: 1.5,
  low: 0.1,
  holdHops: 20,
  memoryHops: 120,
  votes: 3,
  proofHops: 24,
};
/** What moves, and is neither talk nor has notes, is music after so long; drums and basses are sooner. */
const movingHops = { any: 40, withBass: 4 };
const bassOfDrums = 0.01;
/** Once it was surely music, what sounds like music is believed until it has not for so long: ten seconds. */
const believedHops = 40;

/**
 * Tells music from what a deck and a room give besides. Notes that hold their pitch make music; sound that comes
 * and goes as syllables do is talk (Scheirer and Slaney 1997: the share of low-energy frames; the change between
 * frames). A short vowel or a cry is a note as well, so it is music only once that is sure (`createCertainty`). The thresholds
 * were set on the material marked `tuning` in bench/gate; docs/judgement.md has the table.
 */
export function createGate() {
  const window = createWindow();
  const features = createFeatures({ onFrame: window.add });
  const spectra = createSpectra({ onSpectrum: features.hear });
  const certainty = createCertainty();
  const swelling = createSwelling();
  const votes = new Uint8Array(talk.memoryHops);
  let hops = 0;
  let voted = 0;
  let talkLeft = 0;
  let moving = 0;
  let proof = 0;
  let believedLeft = 0;

  function isTalk({ held, notes, hum, change, low, bass }: Heard): boolean {
    if (bass > talk.bass || hum > humShare.noTalk) return false;
    if (held < 0.05 && low < 0.2) return false;
    return change > talk.changeDb + talk.changePerNote * notes && low > talk.low;
  }

  function voteForTalk(yes: boolean): void {
    const at = hops % votes.length;
    voted += Number(yes) - votes[at];
    votes[at] = Number(yes);
    hops += 1;
    talkLeft = yes ? talk.holdHops : Math.max(0, talkLeft - 1);
  }

  /** What it sounds like is said of music only once that is sure, and for a while after. */
  function judge(loud: boolean): Sound {
    const heard = window.measure();
    const sound = soundsLike(heard, loud);
    const isSure = certainty.judge(heard, { isLoud: loud, isMusic: sound === 'music' });
    const isSwelling = swelling.judge({
      isNoise: sound === 'noise',
      mayBeMusic: sound === 'music' || sound === 'unsure',
      db: heard.levelDb,
      change: heard.change,
    });
    if (isSure || (sound === 'music' && believedLeft > 0)) {
      believedLeft = believedHops;
      return 'music';
    }
    believedLeft = Math.max(0, believedLeft - 1);
    if (isSwelling) return 'swelling';
    if (sound !== 'music') return sound;
    return talkLeft > 0 ? 'talk' : 'unsure';
  }

  function soundsLike(heard: Heard, loud: boolean): Sound {
    voteForTalk(isTalk(heard));
    moving = heard.change > movingDb && (talkLeft === 0 || heard.bass > bassOfDrums) ? moving + 1 : 0;
    const sound = kindOf(heard, loud);
    proof = sound === 'music' ? proof + 1 : 0;
    const isProven = voted < talk.votes || proof >= talk.proofHops || heard.bass > bassOfDrums;
    return sound === 'music' && !isProven ? 'talk' : sound;
  }

  function kindOf(heard: Heard, loud: boolean): Sound {
    if (!loud) return 'quiet';
    if (heard.hum > humShare.some && heard.notes < 1) return 'hum';
    if (moving >= movingHops.withBass && heard.bass > bassOfDrums) return 'music';
    if (talkLeft > 0) return 'talk';
    if (heard.held >= heldOfMusic || moving >= movingHops.any) return 'music';
    return heard.change > movingDb ? 'unsure' : 'noise';
  }

  return {
    begin({ sampleRate }: { sampleRate: number }): void {
      spectra.begin({ sampleRate });
      features.begin();
      window.clear();
      certainty.clear();
      swelling.clear();
      votes.fill(0);
      voted = 0;
      talkLeft = 0;
      moving = 0;
      proof = 0;
      believedLeft = 0;
    },
    hear: spectra.hear,
    /** At the end of a hop: what the last two seconds were. `loud`: above the threshold of the settings. */
    judge,
  };
}
export type Gate = ReturnType<typeof createGate>;
