import { Select, Text } from '@mantine/core';
import type { Device, Health, InputHealth, Settings } from '@pidentify/contracts';
import { useQuery } from '@tanstack/react-query';
import { devicesQuery } from '../../api/queries.ts';
import { errorSentence } from '../../api/request.ts';
import { sentences } from '../../sentences.ts';
import { fromDecibels, toDecibels } from '../../ui/format.ts';
import { LevelMeter } from '../../ui/LevelMeter.tsx';
import { deviceChoices } from './device-choices.ts';
import { NumberSetting } from './NumberSetting.tsx';
import { SavedMark } from './SavedMark.tsx';
import { Section } from './Section.tsx';
import classes from './SettingsPage.module.css';
import { useSetting } from './use-setting.ts';

const words = sentences.settings;
/** Lower than on Now Playing: the silence threshold has to be on the scale. */
const meterFloor = -90;
const decibels = {
  toShown: (rms: number) => Math.round(toDecibels(rms, meterFloor)),
  toStored: fromDecibels,
};

/** What Pidentify listens to, how loud that is, and from where on it is silence. */
export function InputSection({
  settings,
  input,
}: {
  settings: Settings;
  input: Health['input'] | undefined;
}) {
  const threshold = decibels.toShown(settings.silence_threshold);
  return (
    <Section id="input" title={words.inputTitle}>
      {input?.given ? (
        <GivenInput input={input} />
      ) : (
        // Whether a choice has any effect is told by the health.
        <DeviceField device={settings.device} canChoose={input !== undefined} />
      )}
      <div className={classes.field}>
        <LevelMeter floor={meterFloor} threshold={threshold} withScale />
        {input && <InputFacts input={input} />}
      </div>
      <NumberSetting
        name="silence_threshold"
        label={words.threshold}
        hint={words.thresholdHint}
        unit={words.db}
        value={settings.silence_threshold}
        scale={decibels}
      />
      <NumberSetting
        name="device_offset"
        label={words.deviceOffset}
        hint={words.deviceOffsetHint}
        unit={words.seconds}
        value={settings.device_offset}
      />
    </Section>
  );
}

/** The setting is not used: what it holds would only mislead. */
function GivenInput({ input }: { input: Health['input'] }) {
  return (
    <div className={classes.field}>
      <Text fw={600} size="sm">
        {words.device}
      </Text>
      <Text className={classes.words}>{input.description || input.name || input.given}</Text>
      <Text size="sm" c="dimmed">
        {words.deviceGiven}
      </Text>
    </div>
  );
}

function DeviceField({ device, canChoose }: { device: string; canChoose: boolean }) {
  const devices = useQuery(devicesQuery);
  const setting = useSetting();
  return (
    <div className={`${classes.field} ${classes.device}`}>
      <Select
        label={words.device}
        data={deviceChoices({ devices: devices.data ?? [], chosen: device })}
        value={device === '' ? 'default' : `id:${device}`}
        allowDeselect={false}
        disabled={setting.isSaving || !canChoose}
        error={setting.error ?? (devices.error ? errorSentence(devices.error) : null)}
        onDropdownOpen={() => void devices.refetch()}
        onChange={(choice) => choice && setting.save({ device: deviceOf(choice) })}
      />
      <SavedMark visible={setting.isSaved} />
    </div>
  );
}

const deviceOf = (choice: string): Device['id'] => (choice === 'default' ? '' : choice.slice('id:'.length));

function InputFacts({ input }: { input: InputHealth }) {
  const { sampleRate, channels, bitsPerSample, lostFrames } = input;
  const name = input.description || input.name;
  const isWell = input.state === 'listening' || input.state === 'opening';
  return (
    <div role="status">
      <Text size="sm" className={classes.words} c={isWell ? 'dimmed' : 'var(--bad-text)'}>
        {input.state === 'listening' && name ? words.listensTo(name) : sentences.input.state[input.state]}{' '}
        {input.state === 'listening' && sampleRate && channels
          ? words.format(sampleRate, channels, bitsPerSample ?? null)
          : input.message}
      </Text>
      {Boolean(lostFrames) && (
        <Text size="sm" c="dimmed">
          {words.lostFrames(lostFrames ?? 0)}
        </Text>
      )}
    </div>
  );
}
