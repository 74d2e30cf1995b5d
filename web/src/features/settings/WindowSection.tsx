import { Button, Group, Modal, Switch, Text } from '@mantine/core';
import type { Settings, ShellState, WindowWish } from '@pidentify/contracts';
import { IconFileText, IconFolder } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { wishOfWindow } from '../../api/window.ts';
import { sentences } from '../../sentences.ts';
import { tellError } from '../../ui/tell.ts';
import { Section } from './Section.tsx';
import { UpdateLine } from './UpdateLine.tsx';
import { useSetting } from './use-setting.ts';

const words = sentences.settings;

/** What the native app can do on this computer; absent in a browser. */
export function WindowSection({ window, settings }: { window: ShellState; settings: Settings }) {
  const wish = useMutation({ mutationFn: wishOfWindow, onError: tellError });
  const notify = useSetting();
  const switchFor = (label: string, hint: string, enabled: boolean, name: SwitchWish) => (
    <Switch
      label={label}
      description={hint}
      checked={enabled}
      disabled={wish.isPending}
      onChange={(event) => wish.mutate({ wish: name, enabled: event.currentTarget.checked })}
    />
  );
  return (
    <Section
      id="window"
      title={words.windowTitle}
      action={<QuitButton onQuit={() => wish.mutate({ wish: 'quit' })} />}
    >
      {switchFor(words.autostart, words.autostartHint, window.autostart, 'set_autostart')}
      {window.tray &&
        switchFor(words.closeToTray, words.closeToTrayHint, window.closeToTray, 'set_close_to_tray')}
      <Switch
        label={words.notify}
        description={words.notifyHint}
        checked={settings.notify_new_track}
        disabled={notify.isSaving}
        error={notify.error}
        onChange={(event) => notify.save({ notify_new_track: event.currentTarget.checked })}
      />
      <Group>
        <Button
          variant="default"
          leftSection={<IconFolder size={18} aria-hidden />}
          onClick={() => wish.mutate({ wish: 'open', folder: 'music' })}
        >
          {words.openMusic}
        </Button>
        <Button
          variant="default"
          leftSection={<IconFileText size={18} aria-hidden />}
          onClick={() => wish.mutate({ wish: 'open', folder: 'logs' })}
        >
          {words.openLogs}
        </Button>
      </Group>
      <UpdateLine update={window.update} onWish={wish.mutate} />
    </Section>
  );
}

type SwitchWish = Extract<WindowWish, { enabled: boolean }>['wish'];

function QuitButton({ onQuit }: { onQuit: () => void }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button size="sm" variant="default" onClick={() => setAsking(true)}>
        {words.quit}
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title={words.quitTitle}>
        <Text>{words.quitText}</Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            {sentences.app.cancel}
          </Button>
          <Button onClick={onQuit}>{words.quit}</Button>
        </Group>
      </Modal>
    </>
  );
}
