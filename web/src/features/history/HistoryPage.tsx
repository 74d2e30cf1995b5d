import { Button, Group, Skeleton, Text, Title } from '@mantine/core';
import type { Entry } from '@pidentify/contracts';
import { IconChecks, IconVinyl } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { configQuery, historyQuery } from '../../api/queries.ts';
import { useLive } from '../../live/use-live.tsx';
import { sentences } from '../../sentences.ts';
import { LoadFailed } from '../../ui/Fallbacks.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { DeleteDialog } from './DeleteDialog.tsx';
import { EditDialog } from './EditDialog.tsx';
import { EntryRow, type EntryRowActions } from './EntryRow.tsx';
import { groupByDay } from './group.ts';
import classes from './HistoryPage.module.css';
import { LoadMore } from './LoadMore.tsx';
import { SelectionBar } from './SelectionBar.tsx';
import { useSelection } from './use-selection.ts';
import { useWrongTrack } from './use-wrong-track.ts';

type OpenDialog = { dialog: 'edit' | 'delete'; entries: Entry[] };

/** Everything that has played, by day. */
export function HistoryPage() {
  useTitle(sentences.app.history);
  const query = useInfiniteQuery(historyQuery);
  if (query.data) {
    const total = query.data.pages[0]?.total_count ?? 0;
    return (
      <Loaded
        entries={query.data.pages.flatMap((page) => page.data)}
        total={total}
        more={<LoadMore query={query} />}
      />
    );
  }
  return (
    <>
      <Title order={1} size="h2" className={classes.heading}>
        {sentences.app.history}
      </Title>
      {query.error ? <LoadFailed error={query.error} onRetry={() => void query.refetch()} /> : <Loading />}
    </>
  );
}

function Loaded({ entries, total, more }: { entries: Entry[]; total: number; more: ReactNode }) {
  const { data: config } = useQuery(configQuery);
  const { clock } = useLive();
  const selection = useSelection(entries);
  const [open, setOpen] = useState<OpenDialog | null>(null);
  const mayEdit = Boolean(config?.is_admin && config.can_edit_history);
  const wrong = useWrongTrack();
  const close = () => setOpen(null);
  const actions: EntryRowActions = {
    onEdit: mayEdit ? (entry) => setOpen({ dialog: 'edit', entries: [entry] }) : null,
    onDelete: mayEdit ? (entry) => setOpen({ dialog: 'delete', entries: [entry] }) : null,
    onWrong: mayEdit ? ({ entry_id: id, track }) => wrong.mutate({ id, title: track.track_name }) : null,
    canSave: Boolean(config?.is_admin && config.can_save),
    bufferSeconds: config?.buffer_length_seconds ?? 0,
  };
  const now = clock.now();
  return (
    <>
      <Group className={classes.heading} justify="space-between">
        <div>
          <Title order={1} size="h2">
            {sentences.app.history}
          </Title>
          {total > 0 && (
            <Text size="sm" c="dimmed">
              {sentences.history.count(total)}
            </Text>
          )}
        </div>
        {mayEdit && entries.length > 0 && !selection.active && (
          <Button
            variant="default"
            leftSection={<IconChecks size={18} aria-hidden />}
            onClick={selection.begin}
          >
            {sentences.history.select}
          </Button>
        )}
      </Group>
      {entries.length === 0 && (
        <Notice icon={IconVinyl} title={sentences.history.empty} text={sentences.history.emptyHint} />
      )}
      {groupByDay({ entries, now }).map((day) => (
        <section key={day.key} className={classes.day} aria-labelledby={`day-${day.key}`}>
          <Title order={2} size="h5" className={classes.dayTitle} id={`day-${day.key}`}>
            {day.title}
          </Title>
          <ul className={classes.list}>
            {day.entries.map((entry) => (
              <EntryRow
                key={entry.entry_id}
                entry={entry}
                now={now}
                actions={actions}
                selected={selection.active ? selection.has(entry) : null}
                onSelect={() => selection.toggle(entry)}
              />
            ))}
          </ul>
        </section>
      ))}
      {more}
      {selection.active && (
        <SelectionBar
          count={selection.entries.length}
          onAll={selection.all}
          onEdit={() => setOpen({ dialog: 'edit', entries: selection.entries })}
          onDelete={() => setOpen({ dialog: 'delete', entries: selection.entries })}
          onEnd={selection.end}
        />
      )}
      {open?.dialog === 'edit' && (
        <EditDialog entries={open.entries} onClose={close} onDone={selection.end} />
      )}
      {open?.dialog === 'delete' && (
        <DeleteDialog entries={open.entries} onClose={close} onDone={selection.end} />
      )}
    </>
  );
}

function Loading() {
  return (
    <div role="status" aria-label={sentences.app.loading}>
      {Array.from({ length: 8 }, (_, row) => `row-${row}`).map((key) => (
        <Group key={key} py={8} wrap="nowrap">
          <Skeleton width={52} height={52} radius="md" />
          <div className={classes.words}>
            <Skeleton height={15} width="45%" mb={8} />
            <Skeleton height={12} width="30%" />
          </div>
        </Group>
      ))}
    </div>
  );
}
