import { ActionIcon, Button, Text, TextInput, Tooltip } from '@mantine/core';
import type { Settings } from '@pidentify/contracts';
import { IconFolder, IconFolderPlus, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { chooseFolder } from '../../api/window.ts';
import { sentences } from '../../sentences.ts';
import { tellError } from '../../ui/tell.ts';
import { SavedMark } from './SavedMark.tsx';
import { Section } from './Section.tsx';
import classes from './SettingsPage.module.css';
import { useSetting } from './use-setting.ts';

const words = sentences.settings;

/**
 * Folders with the user's own music that are recognised besides the library. `canChoose`: the system's dialog
 * can be opened where this page is looked at.
 */
export function MusicSection({ settings, canChoose }: { settings: Settings; canChoose: boolean }) {
  const folders = settings.music_folders;
  const setting = useSetting();
  const [path, setPath] = useState('');
  const [known, setKnown] = useState(false);
  const add = (wanted: string) => {
    setKnown(folders.includes(wanted));
    if (folders.includes(wanted)) return;
    setting.save({ music_folders: [...folders, wanted] }, { onSuccess: () => setPath('') });
  };
  const choice = useMutation({
    mutationFn: chooseFolder,
    onSuccess(chosen) {
      if (chosen === null) return;
      // What is refused can be mended by hand.
      setPath(chosen);
      add(chosen);
    },
    onError: tellError,
  });
  const addTyped = (event: FormEvent) => {
    event.preventDefault();
    if (path.trim() !== '') add(path.trim());
  };
  return (
    <Section id="music" title={words.musicTitle} action={<SavedMark visible={setting.isSaved} />}>
      <Text size="sm" c="dimmed">
        {words.musicHint}
      </Text>
      {folders.length === 0 && <Text size="sm">{words.noFolders}</Text>}
      <ul className={classes.list}>
        {folders.map((folder) => (
          <li key={folder} className={classes.item}>
            <IconFolder size={20} stroke={1.6} aria-hidden />
            <span className={classes.path}>{folder}</span>
            <Tooltip label={words.removeFolder(folder)} multiline maw={300}>
              <ActionIcon
                variant="subtle"
                color="gray"
                size={36}
                aria-label={words.removeFolder(folder)}
                disabled={setting.isSaving}
                onClick={() => setting.save({ music_folders: folders.filter((other) => other !== folder) })}
              >
                <IconTrash size={18} />
              </ActionIcon>
            </Tooltip>
          </li>
        ))}
      </ul>
      {canChoose && (
        <div>
          <Button
            variant="default"
            leftSection={<IconFolderPlus size={18} aria-hidden />}
            disabled={choice.isPending}
            onClick={() => choice.mutate()}
          >
            {words.chooseFolder}
          </Button>
        </div>
      )}
      <form onSubmit={addTyped}>
        <TextInput
          label={canChoose ? words.typeFolder : words.addFolder}
          description={words.addFolderHint}
          value={path}
          error={known ? words.folderKnown : setting.error}
          onChange={(event) => {
            setPath(event.currentTarget.value);
            setKnown(false);
          }}
          spellCheck={false}
          autoCapitalize="off"
          inputContainer={(input) => (
            <div className={classes.add}>
              {input}
              <Button type="submit" variant="default" loading={setting.isSaving}>
                {words.add}
              </Button>
            </div>
          )}
        />
      </form>
    </Section>
  );
}
