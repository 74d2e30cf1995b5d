import { Text, TextInput } from '@mantine/core';
import type { Settings } from '@pidentify/contracts';
import { type KeyboardEvent, useState } from 'react';
import { sentences } from '../../sentences.ts';
import { SavedMark } from './SavedMark.tsx';
import classes from './SettingsPage.module.css';
import { useSetting } from './use-setting.ts';

type NumberKey = { [K in keyof Settings]: Settings[K] extends number ? K : never }[keyof Settings];

type NumberSettingProps = {
  name: NumberKey;
  label: string;
  hint: string;
  unit: string;
  value: number;
  /** From what is stored to what is shown, e.g. seconds to minutes. */
  toShown?: (stored: number) => number;
  toStored?: (shown: number) => number;
};

const same = (value: number) => value;

/** A number that is saved when its field is left or Enter is pressed; the server says if it is allowed. */
export function NumberSetting({
  name,
  label,
  hint,
  unit,
  value,
  toShown = same,
  toStored = same,
}: NumberSettingProps) {
  const setting = useSetting();
  const [draft, setDraft] = useState<string | null>(null);
  const [notANumber, setNotANumber] = useState(false);
  const shown = String(toShown(value));
  const commit = () => {
    if (draft === null || draft.trim() === shown) return setDraft(null);
    const typed = readNumber(draft);
    setNotANumber(typed === null);
    if (typed === null) return;
    setting.save({ [name]: toStored(typed) }, { onSuccess: () => setDraft(null) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') commit();
    if (event.key !== 'Escape') return;
    setDraft(null);
    setNotANumber(false);
    setting.forgetError();
  };
  return (
    <TextInput
      className={classes.field}
      label={label}
      description={hint}
      inputMode="decimal"
      value={draft ?? shown}
      error={notANumber ? sentences.settings.notANumber : setting.error}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={onKeyDown}
      inputContainer={(input) => (
        <div className={classes.number}>
          <div style={{ width: 120 }}>{input}</div>
          <Text component="span" size="sm" c="dimmed">
            {unit}
          </Text>
          <SavedMark visible={setting.isSaved && draft === null} />
        </div>
      )}
    />
  );
}

/** Also with a comma, and with the minus sign that phones and pages write. */
export function readNumber(text: string): number | null {
  const plain = text.trim().replace(',', '.').replace('−', '-');
  return /^-?\d+(\.\d+)?$/.test(plain) ? Number(plain) : null;
}
