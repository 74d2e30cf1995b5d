import { Button, Group, Progress, Text } from '@mantine/core';
import type { IndexHealth } from '@pidentify/contracts';
import { IconRefresh } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { lookForMusic, reindex } from '../../api/settings.ts';
import { sentences } from '../../sentences.ts';
import { tell, tellError } from '../../ui/tell.ts';
import { Section } from './Section.tsx';
import classes from './SettingsPage.module.css';

/** How much music is known by its sound, and which files could not be read. */
export function IndexSection({ index }: { index: IndexHealth }) {
  const words = sentences.index;
  const again = useMutation({
    mutationFn: reindex,
    onSuccess: () => tell(words.rebuildAsked),
    onError: tellError,
  });
  // Whoever opens this after a drive was mounted need not say so. Without an answer, what is shown says why.
  const { mutate: look } = useMutation({ mutationFn: lookForMusic });
  useEffect(() => look(), [look]);
  const isBusy = index.state === 'scanning' || index.state === 'indexing';
  const isEmpty = index.state === 'ready' && index.tracks === 0;
  const problems = index.problems ?? [];
  return (
    <Section
      id="index"
      title={words.title}
      action={
        <Button
          size="sm"
          variant="default"
          leftSection={<IconRefresh size={17} aria-hidden />}
          loading={again.isPending}
          onClick={() => again.mutate()}
        >
          {words.rebuild}
        </Button>
      }
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm">{isEmpty ? words.empty : words.state[index.state]}</Text>
        {index.tracks > 0 && (
          <Text size="sm" c="dimmed" className="numbers">
            {words.size(index.tracks, index.hours)}
          </Text>
        )}
      </Group>
      {isBusy && (
        <div>
          <Progress value={index.progress * 100} aria-label={words.progress} />
          {index.current && (
            <Text size="xs" c="dimmed" mt={6} truncate="start">
              <bdi>{index.current}</bdi>
            </Text>
          )}
        </div>
      )}
      {problems.length > 0 && (
        <details className={classes.problems}>
          <summary>{words.problems(problems.length)}</summary>
          <ul>
            {problems.map(({ path, message }) => (
              <li key={path}>
                {path}:{' '}
                <Text component="span" inherit c="dimmed">
                  {message}
                </Text>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Section>
  );
}
