import type { UnknownGroup } from '@pidentify/contracts';
import { deleteUnknown } from '../../api/unknown.ts';
import { sentences } from '../../sentences.ts';
import { ConfirmDelete } from './ConfirmDelete.tsx';

/** Asks before an unknown track is deleted. */
export function DeleteUnknownDialog({ group, onClose }: { group: UnknownGroup; onClose: () => void }) {
  const words = sentences.unknown;
  return (
    <ConfirmDelete
      title={words.removeTitle}
      text={words.removeText(group.times_heard)}
      done={words.removed}
      onDelete={() => deleteUnknown({ id: group.id, what: 'group' })}
      onClose={onClose}
    />
  );
}
