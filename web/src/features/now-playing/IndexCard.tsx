import { Group, Progress, Text } from '@mantine/core';
import type { IndexHealth } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';
import classes from './NowPlayingPage.module.css';

/** How far the index of the music folders is; absent once it is ready. */
export function IndexCard({ index }: { index: IndexHealth }) {
  if (index.state === 'ready' || index.state === 'starting') return null;
  return (
    <section className={classes.card} aria-label={sentences.index.title}>
      <Group justify="space-between" gap="xs" mb="xs">
        <Text fw={550}>{sentences.index.state[index.state]}</Text>
        <Text size="sm" c="dimmed" className="numbers">
          {sentences.index.size(index.tracks, index.hours)}
        </Text>
      </Group>
      {index.state !== 'failed' && (
        <Progress
          value={index.progress * 100}
          size="sm"
          aria-label={sentences.index.progress}
          transitionDuration={300}
        />
      )}
      {index.current && (
        <Text size="xs" c="dimmed" mt={8} truncate="start">
          <bdi>{index.current}</bdi>
        </Text>
      )}
    </section>
  );
}
