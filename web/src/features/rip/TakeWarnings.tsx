import { Alert, Button, Group, Text } from '@mantine/core';
import type { Rip } from '@pidentify/contracts';
import { IconAlertTriangle } from '@tabler/icons-react';
import { errorSentence } from '../../api/request.ts';
import { sentences } from '../../sentences.ts';

type TakeWarningsProps = {
  rip: Rip;
  isCutting: boolean;
  error: Error | null;
  onCutAgain: () => void;
};

/** What is not as it should be with the take: sound missing inside, or at its ends. */
export function TakeWarnings({ rip, isCutting, error, onCutAgain }: TakeWarningsProps) {
  const { take, history_entry: entry } = rip;
  if (!take || (take.clean && take.complete)) return null;
  const words = sentences.rip;
  const isPlaying = !take.complete && entry !== null && !entry.ended_at;
  return (
    <Alert color="amber" icon={<IconAlertTriangle />}>
      <Group justify="space-between" gap="sm">
        <div>
          {!take.clean && <Text size="sm">{words.unclean}</Text>}
          {!take.complete && <Text size="sm">{words.incomplete}</Text>}
          {isPlaying && <Text size="sm">{words.incompletePlaying}</Text>}
          {error && (
            <Text size="sm" role="alert" c="var(--bad-text)">
              {errorSentence(error)}
            </Text>
          )}
        </div>
        {isPlaying && (
          <Button size="sm" variant="default" loading={isCutting} onClick={onCutAgain}>
            {words.cutAgain}
          </Button>
        )}
      </Group>
    </Alert>
  );
}
