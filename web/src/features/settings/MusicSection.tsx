import { ActionIcon, Button, Text, TextInput, Tooltip } from '@mantine/core';
import type { Settings } from '@pidentify/contracts';
import { IconFolder, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { sentences } from '../../sentences.ts';
import { SavedMark } from './SavedMark.tsx';
import { Section } from './Section.tsx';
import classes from './SettingsPage.module.css';
import { useSetting } from './use-setting.ts';

const words = sentences.settings;

/** Folders with the user's own music that are recognised besides the library. */
export function MusicSection({ settings }: { settings: Settings }) {
  const folders = settings.music_folders;
  const setting = useSetting();
  const [path, setPath] = useState('');
  const [known, setKnown] = useState(false);
  const add = (event: FormEvent) => {
    event.preventDefault();
    const wanted = path.trim();
    if (wanted === '') return;
    setKnown(folders.includes(wanted));
    if (folders.includes(wanted)) return;
    setting.save({ music_folders: [...folders, wanted] }, { onSuccess: () => setPath('') });
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
      <form onSubmit={add}>
        <TextInput
          label={words.addFolder}
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
