import { Button, Text, Title } from '@mantine/core';
import { type Health, listenPhaseText, type Status } from '@pidentify/contracts';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { configQuery, recentQuery } from '../../api/queries.ts';
import { sentences } from '../../sentences.ts';
import { Logo } from '../../ui/Logo.tsx';
import { FirstSteps } from './FirstSteps.tsx';
import classes from './NowPlayingPage.module.css';
import { inputTrouble } from './next-step.ts';
import { PauseButton } from './PauseButton.tsx';
import { ScanButton } from './ScanButton.tsx';

/** In place of a track: why there is none, and what to do. */
export function Idle({ status, health }: { status: Status; health: Health | undefined }) {
  const { data: config } = useQuery(configQuery);
  const trouble = health ? inputTrouble(health.input) : null;
  const { data: recent } = useQuery(recentQuery);
  const isNew = config?.is_admin && !config.initial_setup_complete && recent?.data.length === 0;
  return (
    <>
      <section className={classes.idle}>
        <div className={classes.vinyl} data-turning={status.phase === 'scanning'}>
          <Logo size="100%" />
        </div>
        <Title order={1} size="h2">
          {trouble?.title ?? heading(status)}
        </Title>
        <Text c="dimmed" maw={440}>
          {trouble?.advice ?? hint({ status, health, nothingNamed: recent?.data.length === 0 })}
        </Text>
        <div className={classes.actions}>
          {trouble ? (
            <Button component={Link} to="/settings" hash="input" size="md">
              {sentences.listening.openSettings}
            </Button>
          ) : (
            <>
              {status.can_skip && <ScanButton status={status} />}
              <PauseButton status={status} />
            </>
          )}
        </div>
      </section>
      {isNew && health && <FirstSteps health={health} />}
    </>
  );
}

const isFinished = ({ phase, side }: Status) => phase === 'waiting' && side?.finished === true;
const heading = (status: Status) => {
  if (isFinished(status)) return sentences.track.sideFinished;
  // It rests because it knows what plays, or because it does not.
  return status.phase === 'resting' ? sentences.listening.notKnown : listenPhaseText[status.phase];
};

type HintOf = {
  status: Status;
  health: Health | undefined;
  /** Nothing was ever recognised: without own music it may still know what was named by hand. */
  nothingNamed: boolean;
};

const hint = ({ status, health, nothingNamed }: HintOf): string | null => {
  const { phase, message } = status;
  if (phase === 'paused') return sentences.listening.pausedHint;
  if (nothingNamed && health?.index.state === 'ready' && health.index.tracks === 0)
    return sentences.index.emptyHint;
  if (isFinished(status)) return sentences.track.sideFinishedHint;
  if (phase === 'waiting') return sentences.listening.putARecordOn;
  if (phase === 'resting') return sentences.listening.notKnownHint;
  return phase === 'scanning' ? null : message;
};
