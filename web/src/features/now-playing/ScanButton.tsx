import { Button } from '@mantine/core';
import type { Status } from '@pidentify/contracts';
import { IconEar } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { scanNow } from '../../api/playing.ts';
import { configQuery } from '../../api/queries.ts';
import { sentences } from '../../sentences.ts';
import { tell, tellError } from '../../ui/tell.ts';

/** Ends the pause before the next scan; absent where that is not allowed. */
export function ScanButton({ status }: { status: Status }) {
  const { data: config } = useQuery(configQuery);
  const scan = useMutation({
    mutationFn: scanNow,
    onSuccess: () => tell(sentences.listening.scanAsked),
    onError: tellError,
  });
  if (!config?.is_admin || !config.can_skip) return null;
  const useful =
    status.can_skip &&
    status.phase !== 'scanning' &&
    status.phase !== 'no_input' &&
    status.phase !== 'paused';
  return (
    <Button
      size="md"
      variant="default"
      leftSection={<IconEar size={20} stroke={1.8} aria-hidden />}
      loading={scan.isPending}
      disabled={!useful}
      onClick={() => scan.mutate()}
    >
      {sentences.listening.scanNow}
    </Button>
  );
}
