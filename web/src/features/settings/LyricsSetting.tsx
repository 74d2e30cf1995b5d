import { Switch } from '@mantine/core';
import type { Settings } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';
import { useSetting } from './use-setting.ts';

/** Whether lyrics may be looked for on the internet. */
export function LyricsSetting({ settings }: { settings: Settings }) {
  const setting = useSetting();
  return (
    <Switch
      label={sentences.lyrics.lookAtLrclib}
      description={sentences.lyrics.lrclibSettingHint}
      checked={settings.lyrics_from_lrclib}
      disabled={setting.isSaving}
      error={setting.error}
      onChange={(event) => setting.save({ lyrics_from_lrclib: event.currentTarget.checked })}
    />
  );
}
