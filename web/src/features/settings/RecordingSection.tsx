import type { InputHealth, Settings } from '@pidentify/contracts';
import { sentences } from '../../sentences.ts';
import { bytesText } from '../../ui/format.ts';
import { bufferBytes } from './buffer-bytes.ts';
import { NumberSetting } from './NumberSetting.tsx';
import { Section } from './Section.tsx';

const words = sentences.settings;
const minutes = {
  toShown: (seconds: number) => Math.round(seconds / 6) / 10,
  toStored: (shown: number) => Math.round(shown * 60),
};

/** How much is kept, and how much is added around a track. */
export function RecordingSection({
  settings,
  input,
}: {
  settings: Settings;
  input: InputHealth | undefined;
}) {
  const bytes = bufferBytes({ seconds: settings.buffer_length_seconds, input });
  return (
    <Section id="recording" title={words.recordingTitle}>
      <NumberSetting
        name="buffer_length_seconds"
        label={words.buffer}
        hint={bytes === null ? words.bufferHintPlain : words.bufferHint(bytesText(bytes))}
        unit={words.minutes}
        value={settings.buffer_length_seconds}
        scale={minutes}
      />
      <NumberSetting
        name="temp_save_offset"
        label={words.margin}
        hint={words.marginHint}
        unit={words.seconds}
        value={settings.temp_save_offset}
      />
    </Section>
  );
}
