import { Text } from '@mantine/core';
import type { ProviderHealth } from '@pidentify/contracts';
import { useLive } from '../../live/use-live.tsx';
import { sentences } from '../../sentences.ts';
import { sinceText } from '../../ui/format.ts';
import { lastAnswerText, providerFacts } from './provider-facts.ts';
import classes from './SettingsPage.module.css';

const words = sentences.settings;

/** Whoever names music, in the order in which they are asked, and how each of them is. */
export function ProviderList({ providers }: { providers: readonly ProviderHealth[] }) {
  const { clock } = useLive();
  const at = (instant: string) => sinceText(instant, clock.now());
  if (providers.length === 0) return null;
  return (
    <>
      <Text fw={550} size="sm" id="who-names">
        {words.whoNames}
      </Text>
      <ul className={classes.list} aria-labelledby="who-names">
        {providers.map((provider) => (
          <li key={provider.name} className={classes.item}>
            <span className={classes.dot} data-state={provider.state} aria-hidden />
            <div className={classes.path}>
              <Text fw={550} size="sm">
                {words.provider[provider.name]}
              </Text>
              <Text size="sm" c="dimmed">
                {providerFacts(provider, at).join(' · ')}
              </Text>
              {provider.detail && <Text size="sm">{provider.detail}</Text>}
              <LastAnswer provider={provider} at={at} />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

function LastAnswer({ provider, at }: { provider: ProviderHealth; at: (instant: string) => string }) {
  const text = lastAnswerText(provider, at);
  return text === null ? null : (
    <Text size="sm" c="dimmed">
      {text}
    </Text>
  );
}
