import { Button, Group, Modal, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { errorSentence } from '../../api/request.ts';
import { sentences } from '../../sentences.ts';
import { tell } from '../../ui/tell.ts';

type ConfirmDeleteProps = {
  title: string;
  text: string;
  /** What is said when it is done. */
  done: string;
  onDelete: () => Promise<unknown>;
  onClose: () => void;
};

/** Asks before something of the unknown tracks is deleted for good. */
export function ConfirmDelete({ title, text, done, onDelete, onClose }: ConfirmDeleteProps) {
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: onDelete,
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['unknown'] });
      tell(done);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={title}>
      <Text>{text}</Text>
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
          {sentences.unknown.remove}
        </Button>
      </Group>
    </Modal>
  );
}
