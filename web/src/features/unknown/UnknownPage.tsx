import { Skeleton, Text, Title } from '@mantine/core';
import type { UnknownGroup } from '@pidentify/contracts';
import { IconMoodHappy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { configQuery, unknownQuery } from '../../api/queries.ts';
import { useLive } from '../../live/use-live.tsx';
import { sentences } from '../../sentences.ts';
import { LoadFailed } from '../../ui/Fallbacks.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { DeleteUnknownDialog } from './DeleteUnknownDialog.tsx';
import { NameDialog } from './NameDialog.tsx';
import classes from './UnknownPage.module.css';
import { UnknownRow } from './UnknownRow.tsx';

/** Music that was heard and nobody could name: to be listened to, named once, or deleted. */
export function UnknownPage() {
  useTitle(sentences.unknown.title);
  const { data, error, refetch } = useQuery(unknownQuery);
  return (
    <>
      <div className={classes.heading}>
        <Title order={1} size="h2">
          {sentences.unknown.title}
        </Title>
        {!data && !error && <Skeleton height={12} width={280} mt={4} mb={4} />}
        {data && data.data.groups.length > 0 && (
          <Text size="sm" c="dimmed">
            {sentences.unknown.hint}
          </Text>
        )}
      </div>
      {data && <Groups groups={data.data.groups} />}
      {!data && error && <LoadFailed error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loading />}
    </>
  );
}

type OpenDialog = { dialog: 'name' | 'group' | 'sound'; group: UnknownGroup };

function Groups({ groups }: { groups: UnknownGroup[] }) {
  const { data: config } = useQuery(configQuery);
  const { clock } = useLive();
  const [open, setOpen] = useState<OpenDialog | null>(null);
  const [playing, setPlaying] = useState<string | null>(null);
  const close = () => setOpen(null);
  if (groups.length === 0) {
    return <Notice icon={IconMoodHappy} title={sentences.unknown.empty} text={sentences.unknown.emptyHint} />;
  }
  return (
    <>
      <ul className={classes.list}>
        {groups.map((group) => (
          <UnknownRow
            key={group.id}
            group={group}
            now={clock.now()}
            mayEdit={Boolean(config?.is_admin && config.can_edit_history)}
            isPlaying={playing === group.id}
            onPlay={() => setPlaying(playing === group.id ? null : group.id)}
            onName={() => setOpen({ dialog: 'name', group })}
            onDelete={(what) => setOpen({ dialog: what, group })}
          />
        ))}
      </ul>
      {open?.dialog === 'name' && <NameDialog group={open.group} onClose={close} />}
      {open && open.dialog !== 'name' && (
        <DeleteUnknownDialog group={open.group} what={open.dialog} onClose={close} />
      )}
    </>
  );
}

function Loading() {
  return (
    <div role="status" aria-label={sentences.app.loading}>
      {Array.from({ length: 5 }, (_, row) => `row-${row}`).map((key) => (
        <div key={key} className={classes.item}>
          <div className={classes.row}>
            <Skeleton width={44} height={44} circle />
            <div className={classes.words}>
              <Skeleton height={15} width={140} mb={8} />
              <Skeleton height={12} width={200} />
            </div>
          </div>
        </div>
      ))}
    </div>
  );
}
