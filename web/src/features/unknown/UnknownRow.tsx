import { ActionIcon, Button, Menu, Text, Tooltip } from '@mantine/core';
import type { UnknownGroup } from '@pidentify/contracts';
import {
  IconDots,
  IconPencil,
  IconPlayerPlayFilled,
  IconTrash,
  IconVolumeOff,
  IconX,
} from '@tabler/icons-react';
import { useState } from 'react';
import { unknownSoundUrl } from '../../api/unknown.ts';
import { sentences } from '../../sentences.ts';
import { clockText, sinceText } from '../../ui/format.ts';
import { timesTexts } from './heard-text.ts';
import classes from './UnknownPage.module.css';

type UnknownRowProps = {
  group: UnknownGroup;
  now: number;
  mayEdit: boolean;
  isPlaying: boolean;
  onPlay: () => void;
  onName: () => void;
  onDelete: (what: 'group' | 'sound') => void;
};

/** One piece of unknown music: when it was heard, how long it is, and what can be done about it. */
export function UnknownRow({ group, now, mayEdit, isPlaying, onPlay, onName, onDelete }: UnknownRowProps) {
  const words = sentences.unknown;
  const heard = sinceText(group.last_heard, now);
  return (
    <li className={classes.item}>
      <div className={classes.row}>
        <PlayButton group={group} heard={heard} isPlaying={isPlaying} onPlay={onPlay} />
        <div className={classes.words}>
          <Text fw={550}>
            {words.heard(group.times_heard)}
            <Text component="span" inherit fw={400} c="dimmed" className="numbers">
              {' · '}
              {clockText(group.seconds)}
            </Text>
          </Text>
          <Text size="sm" c="dimmed" component="ul" className={classes.times} aria-label={words.times}>
            {timesTexts(group, now).map((time) => (
              <li key={time}>{time}</li>
            ))}
          </Text>
        </div>
        {mayEdit && (
          <span className={classes.actions}>
            <Button
              className={classes.name}
              size="sm"
              variant="light"
              leftSection={<IconPencil size={17} stroke={1.8} aria-hidden />}
              aria-label={words.nameTrack(heard)}
              onClick={onName}
            >
              {words.name}
            </Button>
            <RowMenu group={group} heard={heard} onDelete={onDelete} />
          </span>
        )}
      </div>
      {isPlaying && group.sound_id && <Player id={group.sound_id} />}
    </li>
  );
}

type PlayButtonProps = Pick<UnknownRowProps, 'group' | 'isPlaying' | 'onPlay'> & { heard: string };

function PlayButton({ group, heard, isPlaying, onPlay }: PlayButtonProps) {
  const words = sentences.unknown;
  if (group.sound_id === null) {
    return (
      <Tooltip label={words.noSound} events={{ hover: true, focus: true, touch: true }}>
        <span className={classes.noSound} role="img" aria-label={words.noSound}>
          <IconVolumeOff size={20} stroke={1.6} aria-hidden />
        </span>
      </Tooltip>
    );
  }
  return (
    <ActionIcon
      variant="light"
      radius="xl"
      size={44}
      className={classes.play}
      aria-label={isPlaying ? words.stop : words.play(heard)}
      aria-expanded={isPlaying}
      onClick={onPlay}
    >
      {isPlaying ? <IconX size={20} /> : <IconPlayerPlayFilled size={18} />}
    </ActionIcon>
  );
}

function Player({ id }: { id: string }) {
  const [failed, setFailed] = useState(false);
  if (failed) {
    return (
      <Text size="sm" c="var(--bad-text)" role="alert" className={classes.player}>
        {sentences.unknown.cannotPlay}
      </Text>
    );
  }
  return (
    // biome-ignore lint/a11y/useMediaCaption: it is music that nobody knows: there are no words to show
    <audio
      className={classes.player}
      src={unknownSoundUrl(id)}
      controls
      autoPlay
      aria-label={sentences.unknown.sound}
      onError={() => setFailed(true)}
    />
  );
}

type RowMenuProps = Pick<UnknownRowProps, 'group' | 'onDelete'> & { heard: string };

function RowMenu({ group, heard, onDelete }: RowMenuProps) {
  const words = sentences.unknown;
  return (
    <Menu position="bottom-end" shadow="md" width={200} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={words.actions(heard)}>
          <IconDots size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {group.sound_id && (
          <Menu.Item leftSection={<IconVolumeOff size={18} />} onClick={() => onDelete('sound')}>
            {words.deleteSound}
          </Menu.Item>
        )}
        <Menu.Item
          className={classes.delete}
          leftSection={<IconTrash size={18} />}
          onClick={() => onDelete('group')}
        >
          {words.remove}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
