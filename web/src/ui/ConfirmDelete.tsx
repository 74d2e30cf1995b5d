import { Button, Group, Modal, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { errorSentence } from '../api/request.ts';
import { sentences } from '../sentences.ts';
import { tell } from './tell.ts';

type ConfirmDeleteProps = {
  title: string;
  /** What will be gone, and what stays. */
  children: ReactNode;
  label: string;
  /** What is said when it is done. */
  done: string;
  onDelete: () => Promise<unknown>;
  /** Key of the queries that are out of date then. */
  stale: 'history' | 'unknown';
  onDeleted?: () => void;
  onClose: () => void;
};

/** Asks before something is deleted for good; stays open with the reason when it could not be. */
export function ConfirmDelete(props: ConfirmDeleteProps) {
  const { title, children, label, done, onDelete, stale, onDeleted, onClose } = props;
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: onDelete,
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: [stale] });
      tell(done);
      onDeleted?.();
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={title}>
      {children}
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
          {label}
        </Button>
      </Group>
    </Modal>
  );
}
