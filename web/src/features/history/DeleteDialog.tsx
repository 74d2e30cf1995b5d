import { Text } from '@mantine/core';
import type { Entry } from '@pidentify/contracts';
import { deleteEntries } from '../../api/history.ts';
import { sentences } from '../../sentences.ts';
import { ConfirmDelete } from '../../ui/ConfirmDelete.tsx';

type DialogProps = { entries: Entry[]; onClose: () => void; onDone: () => void };

/** Asks before entries are deleted, and says that saved files stay. */
export function DeleteDialog({ entries, onClose, onDone }: DialogProps) {
  const words = sentences.history;
  return (
    <ConfirmDelete
      title={words.removeTitle(entries.length)}
      label={words.remove}
      done={words.removed(entries.length)}
      onDelete={() => deleteEntries({ ids: entries.map((entry) => entry.entry_id) })}
      stale="history"
      onDeleted={onDone}
      onClose={onClose}
    >
      <Text style={{ overflowWrap: 'anywhere' }}>
        {entries.length === 1 ? words.removeText(entries[0].track.track_name) : words.removeMany}
      </Text>
      <Text size="sm" c="dimmed" mt={4}>
        {words.removeKept}
      </Text>
    </ConfirmDelete>
  );
}
