import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { sentences } from '../../sentences.ts';
import { SavedMark } from './SavedMark.tsx';
import classes from './SettingsPage.module.css';
import { useSetting } from './use-setting.ts';

const words = sentences.settings;

/** As ACRCloud's console shows it, without https://, which is put before it. */
const toShown = (url: string) => url.replace(/^https:\/\//, '').replace(/\/$/, '');
const toStored = (host: string) => (/^\w+:\/\//.test(host) ? host : `https://${host}/`);

/** The host of the region in which the user's ACRCloud project is; saved when it is left. */
export function HostSetting({ url }: { url: string }) {
  const setting = useSetting();
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    const host = draft?.trim() ?? '';
    if (setting.isSaving) return;
    if (host === '' || host === toShown(url)) setDraft(null);
    else setting.save({ acrcloud_url: toStored(host) }, { onSuccess: () => setDraft(null) });
  };
  return (
    <TextInput
      className={classes.field}
      label={words.acrcloudHost}
      description={words.acrcloudHostHint}
      value={draft ?? toShown(url)}
      error={setting.error}
      spellCheck={false}
      autoCapitalize="off"
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
      rightSection={<SavedMark visible={setting.isSaved && draft === null} />}
      rightSectionWidth={setting.isSaved && draft === null ? 84 : undefined}
    />
  );
}
