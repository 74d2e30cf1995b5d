import type { Announcer } from './announcer.ts';

export type StartTeller = {
  /** The next step of the start. */
  step: Announcer['phase'];
  /** Nothing more is told: it is over, or has failed. */
  end: () => void;
};

/**
 * Tells the steps of the start, and each again from time to time as long as it takes: who waits at a slow computer
 * knows that it goes on, and so does the window, which gives up one that is silent.
 */
export function tellStart({ tell, everyMs }: { tell: Announcer['phase']; everyMs: number }): StartTeller {
  let timer: NodeJS.Timeout | undefined;
  return {
    step(phase, text, progress) {
      const began = performance.now();
      const again = () => {
        const seconds = Math.round((performance.now() - began) / 1000);
        tell(phase, `${text} (${seconds} s so far)`, progress);
      };
      clearInterval(timer);
      tell(phase, text, progress);
      timer = setInterval(again, everyMs);
    },
    end: () => clearInterval(timer),
  };
}
