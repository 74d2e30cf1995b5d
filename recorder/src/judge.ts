import type { IdentifiedTrack } from '@pidentify/contracts';
import type { Belief, Clip, Decision } from './belief.ts';
import type { Circumstances, Sound } from './identify.ts';
import { createListener, type Identification, type Listening } from './listen.ts';
import { createInquiry } from './providers/inquiry.ts';
import type { Services } from './providers/services.ts';
import { createTakePlay, type Taker } from './take-play.ts';

type JudgeOptions = {
  belief: Belief;
  /** The sound of a clip; null: it is no longer there. */
  sound(clip: Clip): Sound | null;
  /** Asks the user's own index. */
  identify(sound: Sound, circumstances: Circumstances): Promise<Identification>;
  services: Pick<Services, 'ask' | 'mayAsk'>;
  /** Whether a person has said that the music that is on is not this track: then it counts as no answer, whoever gives it. */
  isRefused(trackId: string): boolean;
  /** The facts of a track that is not one of the user's files. */
  keepName(track: IdentifiedTrack): void;
  /** Makes known what was decided; gives it with what else follows from it. */
  follow(decisions: Decision[]): Decision[];
  /** What is made of plays that are written. */
  takers: readonly Taker[];
  onState(state: Listening): void;
  trouble(what: string): (error: unknown) => void;
};

/** Listener, inquiry and belief together: what is heard is asked about, believed, and handed on. */
export function createJudge(options: JudgeOptions) {
  const { belief, sound, identify, services, isRefused, keepName, takers, onState, trouble } = options;
  const inquiry = createInquiry({
    services: {
      mayAsk: services.mayAsk,
      async ask(clip, circumstances, first) {
        const told = await services.ask(clip, circumstances, first);
        for (const { by, answer } of told.answers) takePlay.answered(by, clip, answer);
        return told;
      },
    },
    sound,
    expectedEndMs: belief.expectedEndMs,
    onAnswer(clip, answer) {
      if (answer.kind === 'match' && answer.track) keepName(answer.track);
      listener.answer(clip, answer);
    },
    onTrouble: trouble('a service could not be asked'),
  });
  const takePlay = createTakePlay({ begins: () => listener.begins(), takers });
  const follow = (decisions: Decision[]): Decision[] => {
    inquiry.decided(decisions);
    return options.follow(decisions);
  };
  const carryOut = (decisions: Decision[]): void => {
    for (const decision of follow(decisions)) if (decision.kind === 'write') takePlay.take(decision.play);
  };
  const listener = createListener({
    belief: {
      ...belief,
      answer: (clip, match, onsetMs) =>
        belief.answer(clip, match && isRefused(match.trackId) ? null : match, onsetMs),
    },
    async identify({ startMs, endMs }, circumstances) {
      const heard = sound({ startMs, endMs });
      if (!heard) return { kind: 'cannot_tell' };
      const answer = await identify(heard, circumstances);
      takePlay.answered('local', heard, answer);
      if (answer.kind === 'match' && answer.track) keepName(answer.track);
      return circumstances.onlyLocal ? answer : inquiry.heard({ startMs, endMs }, answer, circumstances);
    },
    onDecisions: carryOut,
    onState(state) {
      if (state.phase === 'waiting' || state.phase === 'paused') inquiry.musicEnded();
      onState(state);
    },
    onTrouble: trouble('what was heard could not be asked about'),
  });

  return {
    listener,
    /** What a person decided: as `carryOut`, but nothing is made of the plays. */
    follow,
    /** What else was decided, as the listener's own. */
    carryOut,
  };
}
