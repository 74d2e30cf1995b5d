import { Button, Group, Text } from '@mantine/core';

type UndoMessageProps = { message: string; label: string; onUndo: () => void };

/** What was done, and a button that takes it back. */
export function UndoMessage({ message, label, onUndo }: UndoMessageProps) {
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap">
      <Text size="sm" lineClamp={2} style={{ overflowWrap: 'anywhere' }}>
        {message}
      </Text>
      <Button size="compact-sm" variant="light" flex="none" onClick={onUndo}>
        {label}
      </Button>
    </Group>
  );
}
