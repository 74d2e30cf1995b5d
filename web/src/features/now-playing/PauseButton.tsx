import { Button } from '@mantine/core';
import type { Status } from '@pidentify/contracts';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { configQuery } from '../../api/queries.ts';
import { setListening } from '../../api/window.ts';
import { sentences } from '../../sentences.ts';
import { tellError } from '../../ui/tell.ts';

/** Pauses listening, or goes on; absent where that is not allowed. */
export function PauseButton({ status }: { status: Status }) {
  const { data: config } = useQuery(configQuery);
  const isPaused = status.phase === 'paused';
  const change = useMutation({ mutationFn: () => setListening(isPaused), onError: tellError });
  if (!config?.is_admin || status.phase === 'starting' || status.phase === 'ended') return null;
  const Icon = isPaused ? IconPlayerPlay : IconPlayerPause;
  return (
    <Button
      size="md"
      variant={isPaused ? 'filled' : 'subtle'}
      color={isPaused ? undefined : 'gray'}
      leftSection={<Icon size={20} stroke={1.8} aria-hidden />}
      loading={change.isPending}
      onClick={() => change.mutate()}
    >
      {isPaused ? sentences.listening.goOn : sentences.listening.pause}
    </Button>
  );
}
