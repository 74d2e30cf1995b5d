import { ActionIcon, Switch, Text, Tooltip } from '@mantine/core';
import { type OnlineProvider, onlineProviders, type Settings } from '@pidentify/contracts';
import { IconArrowUp } from '@tabler/icons-react';
import { sentences } from '../../sentences.ts';
import { HostSetting } from './HostSetting.tsx';
import { KeySetting } from './KeySetting.tsx';
import { LyricsSetting } from './LyricsSetting.tsx';
import { NumberSetting } from './NumberSetting.tsx';
import { Section } from './Section.tsx';
import classes from './SettingsPage.module.css';
import { useSetting } from './use-setting.ts';

const words = sentences.settings;

/** Services on the internet: what they are sent, their keys, their order and how often they are asked. */
export function ServicesSection({ settings }: { settings: Settings }) {
  const setting = useSetting();
  const order = settings.provider_order;
  const all = [...new Set([...order, ...onlineProviders])];
  const change = (provider_order: OnlineProvider[]) => setting.save({ provider_order });
  return (
    <Section id="online" title={words.servicesTitle}>
      <Text size="sm" c="dimmed">
        {words.servicesHint} {words.servicesOrder}
      </Text>
      {setting.error && (
        <Text size="sm" c="var(--bad-text)" role="alert">
          {setting.error}
        </Text>
      )}
      {all.map((name) => (
        <div key={name} className={classes.service}>
          <div className={classes.sectionHead}>
            <Switch
              label={words.serviceUse(words.provider[name])}
              checked={order.includes(name)}
              disabled={setting.isSaving}
              onChange={({ currentTarget: { checked } }) =>
                change(checked ? [...order, name] : order.filter((other) => other !== name))
              }
            />
            {order.indexOf(name) > 0 && (
              <Earlier name={name} disabled={setting.isSaving} onClick={() => change(movedUp(order, name))} />
            )}
          </div>
          <Text size="sm" c="dimmed">
            {words.serviceFacts[name]}
          </Text>
          {order.includes(name) && <Fields name={name} settings={settings} />}
        </div>
      ))}
      <NumberSetting
        name="provider_daily_budget"
        label={words.dailyBudget}
        hint={words.dailyBudgetHint}
        unit={words.calls}
        value={settings.provider_daily_budget}
      />
      <LyricsSetting settings={settings} />
    </Section>
  );
}

function movedUp(order: readonly OnlineProvider[], name: OnlineProvider): OnlineProvider[] {
  const at = order.indexOf(name);
  return order.with(at, order[at - 1]).with(at - 1, name);
}

type EarlierProps = { name: OnlineProvider; disabled: boolean; onClick: () => void };

function Earlier({ name, disabled, onClick }: EarlierProps) {
  const label = words.serviceFirst(words.provider[name]);
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        aria-label={label}
        disabled={disabled}
        onClick={onClick}
      >
        <IconArrowUp size={18} />
      </ActionIcon>
    </Tooltip>
  );
}

function Fields({ name, settings }: { name: OnlineProvider; settings: Settings }) {
  if (name === 'audd') return <KeySetting name="audd_token" isGiven={settings.has_audd_token} />;
  if (name === 'acoustid') return <KeySetting name="acoustid_key" isGiven={settings.has_acoustid_key} />;
  return (
    <>
      <HostSetting url={settings.acrcloud_url} />
      <KeySetting name="acrcloud_access_key" isGiven={settings.has_acrcloud_access_key} />
      <KeySetting name="acrcloud_access_secret" isGiven={settings.has_acrcloud_access_secret} />
    </>
  );
}
