import { Text } from '@mantine/core';
import type { ProviderHealth } from '@pidentify/contracts';
import { Fragment } from 'react';
import { useLive } from '../../live/use-live.tsx';
import { sentences } from '../../sentences.ts';
import { sinceText } from '../../ui/format.ts';
import { detailText, lastAnswerText, providerFacts, shownState } from './provider-facts.ts';
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
          <li key={provider.name} className={`${classes.item} ${classes.part}`}>
            <span className={classes.dot} data-state={shownState(provider)} aria-hidden />
            <div className={classes.path}>
              <Text fw={550} size="sm">
                {words.provider[provider.name]}
              </Text>
              <Facts facts={providerFacts(provider, at)} />
              <Line text={detailText(provider)} />
              <Line text={lastAnswerText(provider, at)} c="dimmed" />
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

/** Between dots; a line breaks between two of them only. */
function Facts({ facts }: { facts: readonly string[] }) {
  return (
    <Text size="sm" c="dimmed">
      {facts.map((fact, index) => (
        <Fragment key={fact}>
          {index > 0 && ' '}
          <span className={classes.fact}>{index < facts.length - 1 ? `${fact} ·` : fact}</span>
        </Fragment>
      ))}
    </Text>
  );
}

function Line({ text, c }: { text: string | null; c?: 'dimmed' }) {
  return text === null ? null : (
    <Text size="sm" c={c}>
      {text}
    </Text>
  );
}
