import { Text, TextInput } from '@mantine/core';
import { type KeyboardEvent, useState } from 'react';
import { type NumberKey, numberOutcome, type Scale } from './number-input.ts';
import { SavedMark } from './SavedMark.tsx';
import classes from './SettingsPage.module.css';
import { useSetting } from './use-setting.ts';

type NumberSettingProps = {
  name: NumberKey;
  label: string;
  hint: string;
  unit: string;
  value: number;
  scale?: Scale;
};

const asItIs: Scale = { toShown: (stored) => stored, toStored: (shown) => shown };

/** A number that is saved when its field is left or Enter is pressed. */
export function NumberSetting({ name, label, hint, unit, value, scale = asItIs }: NumberSettingProps) {
  const setting = useSetting();
  const [draft, setDraft] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const shown = String(scale.toShown(value));
  const giveUp = () => {
    setDraft(null);
    setWrong(null);
    setting.forgetError();
  };
  const commit = () => {
    if (draft === null || setting.isSaving) return;
    if (draft.trim() === shown) {
      giveUp();
      return;
    }
    const result = numberOutcome({ name, typed: draft, scale, unit });
    setWrong(result.outcome === 'wrong' ? result.message : null);
    if (result.outcome === 'wrong') return;
    setting.save({ [name]: result.stored }, { onSuccess: () => setDraft(null) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit();
    if (event.key === 'Escape') giveUp();
  };
  return (
    <TextInput
      className={classes.field}
      label={label}
      description={hint}
      inputMode="decimal"
      value={draft ?? shown}
      error={wrong ?? setting.error}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={onKeyDown}
      inputContainer={(input) => (
        <div className={classes.number}>
          <div className={classes.numberInput}>{input}</div>
          <Text component="span" size="sm" c="dimmed">
            {unit}
          </Text>
          <SavedMark visible={setting.isSaved && draft === null} />
        </div>
      )}
    />
  );
}
