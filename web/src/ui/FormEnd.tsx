import { Button, Group, Text } from '@mantine/core';
import { errorSentence } from '../api/request.ts';
import { sentences } from '../sentences.ts';

type FormEndProps = { error: Error | null; isPending: boolean; label: string; onCancel: () => void };

/** The end of a form in a dialog: why it was refused, and the two ways out. */
export function FormEnd({ error, isPending, label, onCancel }: FormEndProps) {
  return (
    <>
      {error && (
        <Text role="alert" c="var(--bad-text)">
          {errorSentence(error)}
        </Text>
      )}
      <Group justify="flex-end" mt="xs">
        <Button variant="default" onClick={onCancel}>
          {sentences.app.cancel}
        </Button>
        <Button type="submit" loading={isPending}>
          {label}
        </Button>
      </Group>
    </>
  );
}
