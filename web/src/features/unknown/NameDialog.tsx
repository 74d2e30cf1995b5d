import { Autocomplete, Modal, Stack, Text, TextInput } from '@mantine/core';
import type { TrackNames, UnknownGroup } from '@pidentify/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { namesQuery } from '../../api/queries.ts';
import { nameUnknown } from '../../api/unknown.ts';
import { sentences } from '../../sentences.ts';
import { FormEnd } from '../../ui/FormEnd.tsx';
import { tell } from '../../ui/tell.ts';
import { emptyNames, type NameFields, nameOutcome, suggestionsOf, type WrongName } from './name-form.ts';

type NameDialogProps = { group: UnknownGroup; onClose: () => void };
const longest = 1024;
const labelHeight = 28;
/** Above field and label, over what is filled in by then: the field below is next. */
const suggestions = {
  limit: 4,
  openOnFocus: false,
  comboboxProps: { position: 'top', offset: labelHeight, middlewares: { flip: false, shift: true } },
} as const;

/** Asks what an unknown track is, once for all the times it was heard. */
export function NameDialog({ group, onClose }: NameDialogProps) {
  const words = sentences.unknown;
  const [fields, setFields] = useState<NameFields>(emptyNames);
  const [wrong, setWrong] = useState<WrongName | null>(null);
  const { data: plays } = useQuery(namesQuery);
  const known = suggestionsOf(plays?.data ?? [], fields.artist);
  const naming = useNaming({ group, onClose });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const result = nameOutcome(fields);
    setWrong(result.outcome === 'wrong' ? result : null);
    if (result.outcome === 'names') naming.mutate(result.names);
  };
  const field = (name: keyof NameFields) => ({
    value: fields[name],
    error: wrong?.field === name ? wrong.message : undefined,
  });
  const change = (name: keyof NameFields) => (value: string) => setFields({ ...fields, [name]: value });
  return (
    <Modal opened onClose={onClose} title={words.nameTitle}>
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            {words.nameHint(group.times_heard)}
          </Text>
          <TextInput
            {...field('title')}
            label={words.titleField}
            required
            maxLength={longest}
            data-autofocus
            onChange={(event) => change('title')(event.currentTarget.value)}
          />
          <Autocomplete
            {...field('artist')}
            label={words.artist}
            data={known.artists}
            {...suggestions}
            maxLength={longest}
            onChange={change('artist')}
          />
          <Autocomplete
            {...field('album')}
            label={words.album}
            data={known.albums}
            {...suggestions}
            maxLength={longest}
            onChange={change('album')}
          />
          <TextInput
            {...field('trackNo')}
            label={words.trackNo}
            inputMode="numeric"
            onChange={(event) => change('trackNo')(event.currentTarget.value)}
          />
          <FormEnd error={naming.error} isPending={naming.isPending} label={words.save} onCancel={onClose} />
        </Stack>
      </form>
    </Modal>
  );
}

function useNaming({ group, onClose }: NameDialogProps) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (names: TrackNames) => nameUnknown({ id: group.id, names }),
    onSuccess: ({ data }, names) => {
      void queries.invalidateQueries({ queryKey: ['unknown'] });
      tell(sentences.unknown.named(names.track_name, data.plays));
      onClose();
    },
  });
}
