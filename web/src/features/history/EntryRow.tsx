import { Checkbox, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import type { Entry } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';
import { Artwork } from '../../ui/Artwork.tsx';
import { timeText } from '../../ui/format.ts';
import { EntryActions } from './EntryActions.tsx';
import { playedAt } from './group.ts';
import classes from './HistoryPage.module.css';

/** What the reader may do; null where it is not allowed. */
export type EntryRowActions = {
  onEdit: ((entry: Entry) => void) | null;
  onDelete: ((entry: Entry) => void) | null;
  onWrong: ((entry: Entry) => void) | null;
  canSave: boolean;
  bufferSeconds: number;
};

type EntryRowProps = {
  entry: Entry;
  now: number;
  actions: EntryRowActions;
  /** Null while nothing can be ticked. */
  selected: boolean | null;
  onSelect: () => void;
};

export function EntryRow({ entry, now, actions, selected, onSelect }: EntryRowProps) {
  const { track } = entry;
  const title = track.track_name || sentences.track.unknownTitle;
  const byline = [track.artist_name || sentences.track.unknownArtist, track.album_name]
    .filter(Boolean)
    .join(' · ');
  const facts = (
    <>
      <Artwork src={track.track_image} title={title} className={classes.cover} />
      <span className={classes.words}>
        <span className={classes.titleLine}>
          <Text component="span" fw={550} truncate>
            {title}
          </Text>
          {entry.inferred && <InferredMark />}
        </span>
        <Text component="span" display="block" size="sm" c="dimmed" truncate>
          <span className={classes.timeAhead}>{timeText(playedAt(entry))} · </span>
          {byline}
        </Text>
      </span>
      <time className={classes.time} dateTime={playedAt(entry)}>
        {timeText(playedAt(entry))}
      </time>
    </>
  );
  if (selected !== null) {
    return (
      <li className={classes.row} data-selected={selected}>
        <label className={classes.tick} htmlFor={`tick-${entry.entry_id}`}>
          <Checkbox
            id={`tick-${entry.entry_id}`}
            checked={selected}
            onChange={onSelect}
            aria-label={sentences.history.selectEntry(title)}
          />
          {facts}
        </label>
      </li>
    );
  }
  return (
    <li className={classes.row}>
      {facts}
      <EntryActions entry={entry} title={title} now={now} actions={actions} />
    </li>
  );
}

/** The explanation is also for those who have no pointer to hover with. */
function InferredMark() {
  const { inferred, inferredHint } = sentences.history;
  return (
    <Tooltip label={inferredHint} multiline maw={280} events={{ hover: true, focus: true, touch: true }}>
      <Text component="span" size="xs" c="dimmed" flex="none">
        {inferred}
        <VisuallyHidden component="span">. {inferredHint}</VisuallyHidden>
      </Text>
    </Tooltip>
  );
}
