import { Modal, Stack, Text, TextInput } from '@mantine/core';
import type { Entry, TrackPatch } from '@pidentify/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { patchEntries } from '../../api/history.ts';
import { sentences } from '../../sentences.ts';
import { FormEnd } from '../../ui/FormEnd.tsx';
import { tell } from '../../ui/tell.ts';
import { type EditFields, editOutcome, fieldsOf } from './edit-form.ts';

type EditDialogProps = { entries: Entry[]; onClose: () => void; onDone: () => void };
type Wrong = { field: keyof EditFields; message: string };

/** Changes the facts of one track, or the same facts of several. */
export function EditDialog({ entries, onClose, onDone }: EditDialogProps) {
  const words = sentences.history;
  const several = entries.length > 1;
  const [before] = useState(() => fieldsOf(entries));
  const [after, setAfter] = useState(before);
  const [wrong, setWrong] = useState<Wrong | null>(null);
  const [hint, setHint] = useState(several ? words.editManyHint : words.editHint);
  const change = useChange({ entries, onClose, onDone });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const result = editOutcome({ before, after, several });
    setWrong(result.outcome === 'wrong' ? result : null);
    if (result.outcome === 'change') change.mutate(result.patch);
    if (result.outcome === 'nothing' && several) setHint(words.nothingToChange);
    if (result.outcome === 'nothing' && !several) onClose();
  };
  const field = (name: keyof EditFields) => ({
    label: words[name],
    value: after[name],
    error: wrong?.field === name ? wrong.message : undefined,
    onChange: (event: { currentTarget: { value: string } }) =>
      setAfter({ ...after, [name]: event.currentTarget.value }),
  });
  return (
    <Modal opened onClose={onClose} title={several ? words.editMany(entries.length) : words.editTitle}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {hint}
          </Text>
          {!several && <TextInput {...field('title')} required maxLength={1024} data-autofocus />}
          <TextInput {...field('artist')} maxLength={1024} />
          <TextInput {...field('album')} maxLength={1024} />
          {!several && <TextInput {...field('duration')} description={words.durationHint} />}
          <FormEnd error={change.error} isPending={change.isPending} label={words.apply} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

function useChange({ entries, onClose, onDone }: EditDialogProps) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (patch: TrackPatch) => patchEntries({ ids: entries.map((entry) => entry.entry_id), patch }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['history'] });
      tell(sentences.history.changed);
      onDone();
      onClose();
    },
  });
}
