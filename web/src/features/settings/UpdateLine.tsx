import { Button, Group, Loader, Text } from '@mantine/core';
import type { ShellState, WindowWish } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';

const words = sentences.settings;

type UpdateLineProps = { update: ShellState['update']; onWish: (wish: WindowWish) => void };

/** Whether there is a newer version, and the way to it. */
export function UpdateLine({ update, onWish }: UpdateLineProps) {
  const check = (
    <Button variant="default" size="sm" onClick={() => onWish({ wish: 'check_update' })}>
      {words.checkUpdate}
    </Button>
  );
  switch (update.state) {
    case 'unavailable':
      return (
        <Text size="sm" c="dimmed">
          {words.updatesElsewhere}
        </Text>
      );
    case 'unknown':
      return <Group>{check}</Group>;
    case 'checking':
      return <Busy text={words.checkingUpdate} />;
    case 'installing':
      return <Busy text={words.installingUpdate(update.version)} />;
    case 'current':
      return (
        <Group>
          {check}
          <Text size="sm">{words.upToDate}</Text>
        </Group>
      );
    case 'failed':
      return (
        <Group>
          {check}
          <Text size="sm" role="alert">
            {words.updateFailed(update.message)}
          </Text>
        </Group>
      );
    case 'available':
      return (
        <div>
          <Group>
            <Button size="sm" onClick={() => onWish({ wish: 'install_update' })}>
              {words.installUpdate(update.version)}
            </Button>
            <Text size="sm" c="dimmed">
              {words.installHint}
            </Text>
          </Group>
          {update.notes && (
            <Text size="sm" mt="xs" style={{ whiteSpace: 'pre-line' }}>
              {update.notes}
            </Text>
          )}
        </div>
      );
  }
}

function Busy({ text }: { text: string }) {
  return (
    <Group gap="xs" role="status">
      <Loader size="xs" />
      <Text size="sm">{text}</Text>
    </Group>
  );
}
