import type { Lyrics, Status } from '@pidentify/contracts';
import { useEffect, useState } from 'react';
import { useLive } from '../../live/use-live.tsx';
import { trackProgress } from './progress.ts';
import { msToNextLine, sungLine } from './sung-line.ts';

/**
 * The line that is sung now (-1: none yet). `now` comes each second, so that a corrected clock or a new answer shows; a
 * line that begins before the next one is waited for.
 */
export function useSungLine({
  lyrics,
  status,
  now,
}: {
  lyrics: Lyrics;
  status: Status;
  now: number;
}): number {
  const { clock } = useLive();
  const [line, setLine] = useState(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `now` is when to look again
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const progress = trackProgress({ status, now: clock.now() });
      if (!progress || !lyrics.synced) return setLine(-1);
      const { position, duration } = progress;
      setLine(sungLine(lyrics, position));
      const waitMs = msToNextLine({ lyrics, position, speed: status.speed ?? 1 });
      // At its end a track stands still, and a line after it never begins.
      const isSoon = waitMs !== null && waitMs < 1000 && position !== duration;
      if (isSoon) timer = setTimeout(look, Math.max(20, Math.ceil(waitMs)));
    };
    look();
    return () => clearTimeout(timer);
  }, [clock, lyrics, status, now]);
  return line;
}
