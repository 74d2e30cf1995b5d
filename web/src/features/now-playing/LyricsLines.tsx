import type { Lyrics, Status } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';
import classes from './Lyrics.module.css';
import { useFollow } from './use-follow.ts';
import { useSungLine } from './use-sung-line.ts';

type LyricsLinesProps = { lyrics: Lyrics; status: Status; now: number };

/** All lines, the one that is sung marked and in sight. Nothing of it is read out by itself. */
export function LyricsLines({ lyrics, status, now }: LyricsLinesProps) {
  const sung = useSungLine({ lyrics, status, now });
  const { list } = useFollow(sung);
  return (
    <ol
      ref={list}
      className={classes.lines}
      data-synced={lyrics.synced}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by keyboard
      tabIndex={0}
      aria-labelledby="lyrics"
    >
      {lyrics.lines.map(({ startTimeMs, words }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines repeat, and never change places
        <li key={`${startTimeMs} ${at}`} aria-current={at === sung || undefined}>
          {words || (lyrics.synced && <span aria-hidden>{sentences.lyrics.pause}</span>)}
        </li>
      ))}
    </ol>
  );
}
