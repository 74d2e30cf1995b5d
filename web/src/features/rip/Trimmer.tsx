import { ActionIcon, Button, Group, Skeleton, Text, Tooltip } from '@mantine/core';
import type { AudioData } from '@pidentify/contracts';
import {
  IconArrowsHorizontal,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconZoomIn,
  IconZoomOut,
  type TablerIcon,
} from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { takeAudioUrl } from '../../api/rip.ts';
import { sentences } from '../../sentences.ts';
import { preciseClockText } from '../../ui/format.ts';
import { EdgeField } from './EdgeField.tsx';
import classes from './RipPage.module.css';
import { type Edge, moveEdge, type Selection } from './selection.ts';
import { usePlayer } from './use-player.ts';
import { useWaveform } from './use-waveform.ts';

type TrimmerProps = {
  id: string;
  version: string;
  audio: UseQueryResult<AudioData>;
  duration: number;
  selection: Selection;
  onSelection: (selection: Selection) => void;
};

const words = sentences.rip;

/** Waveform, playback and the two edges of what is kept. */
export function Trimmer({ id, version, audio, duration, selection, onSelection }: TrimmerProps) {
  const player = usePlayer({ src: takeAudioUrl({ id, version }), selection });
  const move = (edge: Edge, to: number) => onSelection(moveEdge({ selection, edge, to, duration }));
  const waveform = useWaveform({
    media: player.media,
    peaks: audio.data?.chart ?? null,
    duration,
    selection,
    onMove: move,
  });
  const edge = (which: Edge) => (
    <EdgeField
      label={words[which]}
      seconds={selection[which]}
      onMove={(to) => move(which, to)}
      onHere={() => move(which, player.media.currentTime)}
    />
  );
  return (
    <section className={classes.trimmer} aria-label={words.waveform}>
      <div className={classes.wave}>
        <div ref={waveform.container} data-ready={audio.isSuccess} />
        {audio.isPending && <Skeleton height={132} aria-label={sentences.app.loading} />}
        {audio.isError && <Text c="dimmed">{words.waveformFailed}</Text>}
      </div>
      <Text size="xs" c="dimmed">
        {words.waveformHint}
      </Text>
      <Group gap="xs" className={classes.controls}>
        <ActionIcon
          size={48}
          radius="xl"
          aria-label={player.playing ? words.pause : words.play}
          onClick={player.toggle}
        >
          {player.playing ? <IconPlayerPauseFilled size={22} /> : <IconPlayerPlayFilled size={22} />}
        </ActionIcon>
        <output className={classes.position} aria-label={words.position}>
          {preciseClockText(player.position)}
        </output>
        <Button variant="default" size="sm" className={classes.hear} onClick={player.hearStart}>
          {words.hearStart}
        </Button>
        <Button variant="default" size="sm" className={classes.hear} onClick={player.hearEnd}>
          {words.hearEnd}
        </Button>
        <Group gap={4} className={classes.zoom}>
          <ZoomButton icon={IconZoomOut} label={words.zoomOut} onClick={waveform.zoomOut} />
          <ZoomButton icon={IconZoomIn} label={words.zoomIn} onClick={waveform.zoomIn} />
          <ZoomButton icon={IconArrowsHorizontal} label={words.zoomFit} onClick={waveform.zoomFit} />
        </Group>
      </Group>
      {player.cannotPlay && (
        <Text size="sm" role="alert" c="var(--bad-text)">
          {words.cannotPlay}
        </Text>
      )}
      <div className={classes.edges}>
        {edge('start')}
        {edge('end')}
        <div className={classes.length}>
          <Text size="sm" fw={500}>
            {words.length}
          </Text>
          <Text className="numbers" fz="lg" lh="36px">
            {preciseClockText(selection.end - selection.start)}
          </Text>
        </div>
      </div>
    </section>
  );
}

function ZoomButton({
  icon: Icon,
  label,
  onClick,
}: {
  icon: TablerIcon;
  label: string;
  onClick: () => void;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="subtle" color="gray" size={36} aria-label={label} onClick={onClick}>
        <Icon size={20} stroke={1.8} />
      </ActionIcon>
    </Tooltip>
  );
}
