import { ActionIcon, Group, TextInput, Tooltip } from '@mantine/core';
import { IconChevronLeft, IconChevronRight, IconPin } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { sentences } from '../../sentences.ts';
import { parseClock, preciseClockText } from '../../ui/format.ts';
import classes from './RipPage.module.css';
import { nudgeOf } from './selection.ts';

type EdgeFieldProps = {
  label: string;
  seconds: number;
  onMove: (to: number) => void;
  /** Moves the edge to where playback is. */
  onHere: () => void;
};

const words = sentences.rip;

/** The time of one edge, to be typed, nudged, or taken from playback. */
export function EdgeField({ label, seconds, onMove, onHere }: EdgeFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const typed = draft === null ? null : parseClock(draft);
  const commit = () => {
    if (typed !== null) onMove(typed);
    setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') {
      event.preventDefault();
      commit();
    }
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    setDraft(null);
    onMove((typed ?? seconds) + (nudgeOf(event) ?? 0));
  };
  return (
    <Group gap={4} align="flex-end" wrap="nowrap" className={classes.edge}>
      <TextInput
        label={label}
        className={classes.edgeText}
        value={draft ?? preciseClockText(seconds)}
        error={draft !== null && typed === null ? words.timeWrong : undefined}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={onKeyDown}
      />
      <ActionIcon
        variant="default"
        size={36}
        aria-label={words.earlier(label)}
        onClick={() => onMove(seconds - 0.1)}
      >
        <IconChevronLeft size={18} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        size={36}
        aria-label={words.later(label)}
        onClick={() => onMove(seconds + 0.1)}
      >
        <IconChevronRight size={18} />
      </ActionIcon>
      <Tooltip label={words.edgeHereHint(label)}>
        <ActionIcon variant="default" size={36} aria-label={words.edgeHere(label)} onClick={onHere}>
          <IconPin size={18} />
        </ActionIcon>
      </Tooltip>
    </Group>
  );
}
