import { Button, Group, Modal, Text } from '@mantine/core';
import type { Entry } from '@pidentify/contracts';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { deleteEntries } from '../../api/history.ts';
import { errorSentence } from '../../api/request.ts';
import { sentences } from '../../sentences.ts';
import { tell } from '../../ui/tell.ts';

type DialogProps = { entries: Entry[]; onClose: () => void; onDone: () => void };

/** Asks before entries are deleted, and says that saved files stay. */
export function DeleteDialog({ entries, onClose, onDone }: DialogProps) {
  const queries = useQueryClient();
  const words = sentences.history;
  const removal = useMutation({
    mutationFn: () => deleteEntries({ ids: entries.map((entry) => entry.entry_id) }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['history'] });
      tell(words.removed(entries.length));
      onDone();
      onClose();
    },
  });
  const text = entries.length === 1 ? words.removeText(entries[0].track.track_name) : words.removeMany;
  return (
    <Modal opened onClose={onClose} title={words.removeTitle(entries.length)}>
      <Text style={{ overflowWrap: 'anywhere' }}>{text}</Text>
      <Text size="sm" c="dimmed" mt={4}>
        {words.removeKept}
      </Text>
      {removal.error && (
        <Text role="alert" c="var(--bad-text)" mt="sm">
          {errorSentence(removal.error)}
        </Text>
      )}
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose} data-autofocus>
          {sentences.app.cancel}
        </Button>
        <Button color="#b42318" loading={removal.isPending} onClick={() => removal.mutate()}>
          {words.remove}
        </Button>
      </Group>
    </Modal>
  );
}
