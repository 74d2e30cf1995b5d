import { Text } from '@mantine/core';
import type { UnknownGroup } from '@pidentify/contracts';
import { deleteUnknown } from '../../api/unknown.ts';
import { sentences } from '../../sentences.ts';
import { ConfirmDelete } from '../../ui/ConfirmDelete.tsx';

type DeleteUnknownDialogProps = {
  group: UnknownGroup;
  /** All that is known of it, or only what can be listened to. */
  what: 'group' | 'sound';
  onClose: () => void;
};

/** Asks before an unknown track, or its sound, is deleted. */
export function DeleteUnknownDialog({ group, what, onClose }: DeleteUnknownDialogProps) {
  const words = sentences.unknown;
  const isSound = what === 'sound';
  return (
    <ConfirmDelete
      title={isSound ? words.deleteSoundTitle : words.removeTitle}
      label={words.remove}
      done={words.removed}
      onDelete={() => deleteUnknown({ id: group.id, what })}
      stale="unknown"
      onClose={onClose}
    >
      <Text>{isSound ? words.deleteSoundText : words.removeText(group.times_heard)}</Text>
    </ConfirmDelete>
  );
}
