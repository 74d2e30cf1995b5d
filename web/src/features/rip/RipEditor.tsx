import { Alert, Button, Loader, Text } from '@mantine/core';
import type { Rip } from '@pidentify/contracts';
import { IconAlertTriangle, IconDeviceFloppy } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { audioDataQuery, configQuery, ripQuery } from '../../api/queries.ts';
import { errorSentence } from '../../api/request.ts';
import { saveRip, startRip } from '../../api/rip.ts';
import { sentences } from '../../sentences.ts';
import { LoadFailed } from '../../ui/Fallbacks.tsx';
import { FactFields } from './FactFields.tsx';
import classes from './RipPage.module.css';
import { fieldsOf, type RipFields, saveOutcome } from './rip-form.ts';
import { Saved } from './Saved.tsx';
import { proposedSelection, type Selection } from './selection.ts';
import { TakeWarnings } from './TakeWarnings.tsx';
import { Trimmer } from './Trimmer.tsx';

/** The take with its fields. What is typed outlives a failed save and a new cut. */
export function RipEditor({ id, rip }: { id: string; rip: Rip }) {
  const version = takeVersion(rip);
  const audio = useQuery(audioDataQuery({ id, version }));
  const duration = rip.take?.duration_seconds ?? audio.data?.duration ?? null;
  const [fields, setFields] = useState(() => fieldsOf(rip.history_entry));
  const [chosen, setChosen] = useState<{ version: string; selection: Selection } | null>(null);
  const [wrong, setWrong] = useState<{ field: keyof RipFields; message: string } | null>(null);
  const { data: config } = useQuery(configQuery);
  const save = useSave(id);
  const cut = useCutAgain(id);

  if (save.data) return <Saved path={save.data.data} onAgain={save.reset} />;
  if (duration === null) {
    return audio.error ? (
      <LoadFailed error={audio.error} onRetry={() => void audio.refetch()} />
    ) : (
      <Loader aria-label={sentences.app.loading} />
    );
  }
  const selection = chosen?.version === version ? chosen.selection : propose(rip, duration);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const result = saveOutcome({ fields, selection, duration });
    setWrong(result.outcome === 'wrong' ? result : null);
    if (result.outcome === 'save') save.mutate(result.save);
  };
  return (
    <form onSubmit={submit} noValidate className={classes.editor}>
      <TakeWarnings rip={rip} isCutting={cut.isPending} error={cut.error} onCutAgain={() => cut.mutate()} />
      <Trimmer
        key={version}
        id={id}
        version={version}
        audio={audio}
        duration={duration}
        selection={selection}
        onSelection={(next) => setChosen({ version, selection: next })}
      />
      <FactFields fields={fields} wrong={wrong} onChange={setFields} />
      {save.error && (
        <Alert color="red" role="alert" icon={<IconAlertTriangle />} title={sentences.rip.notSaved}>
          <Text size="sm">{errorSentence(save.error)}</Text>
          <Text size="sm">{sentences.rip.nothingLost}</Text>
        </Alert>
      )}
      {config?.is_admin && config.can_save && (
        <Button
          type="submit"
          size="md"
          className={classes.saveButton}
          loading={save.isPending}
          leftSection={<IconDeviceFloppy size={20} aria-hidden />}
        >
          {sentences.rip.save}
        </Button>
      )}
    </form>
  );
}

/** Tells a new cut of the same entry from the one before. */
const takeVersion = ({ take }: Rip) => (take ? `${take.started_at}/${take.frames}` : 'only');

const propose = ({ take }: Rip, duration: number): Selection =>
  take ? proposedSelection(take) : { start: 0, end: duration };

function useSave(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (save: Parameters<typeof saveRip>[0]['save']) => saveRip({ id, save }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['history'] }),
  });
}

function useCutAgain(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => startRip({ id }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ripQuery(id).queryKey, exact: true }),
  });
}
