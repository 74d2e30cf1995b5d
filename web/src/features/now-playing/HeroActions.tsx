import { Button, Tooltip } from '@mantine/core';
import type { Status } from '@pidentify/contracts';
import { IconDeviceFloppy, IconMusicX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { configQuery } from '../../api/queries.ts';
import { sentences } from '../../sentences.ts';
import { useWrongTrack } from '../history/use-wrong-track.ts';
import classes from './NowPlayingPage.module.css';
import { ScanButton } from './ScanButton.tsx';

/** What may be done about the track that plays. */
export function HeroActions({ status }: { status: Status }) {
  const { data: config } = useQuery(configQuery);
  if (!config) return null;
  const maySave = config.is_admin && config.can_save;
  return (
    <div className={classes.actions}>
      {maySave && <SaveButton entryId={status.entry_id ?? null} />}
      <ScanButton status={status} />
      {config.is_admin && config.can_edit_history && status.entry_id && (
        <WrongButton entryId={status.entry_id} title={status.track?.track_name ?? ''} />
      )}
    </div>
  );
}

function WrongButton({ entryId, title }: { entryId: string; title: string }) {
  const wrong = useWrongTrack();
  return (
    <Button
      size="md"
      variant="subtle"
      color="gray"
      leftSection={<IconMusicX size={20} stroke={1.8} aria-hidden />}
      loading={wrong.isPending}
      onClick={() => wrong.mutate({ id: entryId, title })}
    >
      {sentences.wrong.action}
    </Button>
  );
}

function SaveButton({ entryId }: { entryId: string | null }) {
  const icon = <IconDeviceFloppy size={20} stroke={1.8} aria-hidden />;
  if (entryId === null) {
    // Not the attribute `disabled`: the keyboard could not reach the reason.
    return (
      <Tooltip label={sentences.listening.saveLater} events={{ hover: true, focus: true, touch: true }}>
        <Button size="md" leftSection={icon} data-disabled aria-disabled onClick={(e) => e.preventDefault()}>
          {sentences.listening.save}
        </Button>
      </Tooltip>
    );
  }
  return (
    <Button component={Link} to={`/rip/${entryId}`} size="md" leftSection={icon}>
      {sentences.listening.save}
    </Button>
  );
}
