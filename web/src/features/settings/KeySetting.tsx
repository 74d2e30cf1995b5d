import { Button, PasswordInput, Text } from '@mantine/core';
import type { WriteOnlyConfigKey } from '@pidentify/contracts';
import { type FormEvent, useState } from 'react';
import { sentences } from '../../sentences.ts';
import { SavedMark } from './SavedMark.tsx';
import classes from './SettingsPage.module.css';
import { useSetting } from './use-setting.ts';

const words = sentences.settings;

/** A secret that can be given and removed, but is never shown again. */
export function KeySetting({ name, isGiven }: { name: WriteOnlyConfigKey; isGiven: boolean }) {
  const setting = useSetting();
  const [draft, setDraft] = useState('');
  const label = words.serviceKey[name];
  const save = (event: FormEvent) => {
    event.preventDefault();
    const key = draft.trim();
    if (key !== '') setting.save({ [name]: key }, { onSuccess: () => setDraft('') });
  };
  return (
    <form onSubmit={save} className={classes.field}>
      <PasswordInput
        label={label}
        value={draft}
        placeholder={isGiven ? words.keyNew : undefined}
        error={setting.error}
        autoComplete="off"
        onChange={(event) => setDraft(event.currentTarget.value)}
        inputContainer={(input) => (
          <div className={classes.add}>
            {input}
            <Button
              type="submit"
              variant="default"
              disabled={draft.trim() === ''}
              loading={setting.isSaving}
              aria-label={words.keySaveNamed(label)}
            >
              {words.keySave}
            </Button>
          </div>
        )}
      />
      {isGiven && (
        <div className={classes.given}>
          <Text size="sm" c="dimmed">
            {words.keyGiven}
          </Text>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            disabled={setting.isSaving}
            aria-label={words.keyRemoveNamed(label)}
            onClick={() => setting.save({ [name]: '' })}
          >
            {words.keyRemove}
          </Button>
          <SavedMark visible={setting.isSaved && draft === ''} />
        </div>
      )}
    </form>
  );
}
