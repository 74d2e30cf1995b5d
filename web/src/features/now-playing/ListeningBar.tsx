import { Text } from '@mantine/core';
import type { Health, Status } from '@pidentify/contracts';
import { LevelMeter } from '../../ui/LevelMeter.tsx';
import classes from './NowPlayingPage.module.css';
import { nextStep } from './next-step.ts';

type ListeningBarProps = { status: Status; health: Health | undefined; now: number };

/** What it does now and next, what it listens to, and how loud that is. */
export function ListeningBar({ status, health, now }: ListeningBarProps) {
  const step = nextStep({ status, now });
  // Without a track the page already says in large letters what it does.
  const heading = status.track ? step.now : (step.next ?? step.now);
  const input = health?.input.description || health?.input.name;
  return (
    <section className={classes.listening} aria-label={step.now}>
      <div className={classes.step}>
        <span className={classes.pulse} data-phase={status.phase} aria-hidden />
        <div>
          <Text fw={550}>{heading}</Text>
          {status.track && step.next && (
            <Text size="sm" c="dimmed" className={classes.next}>
              {step.next}
            </Text>
          )}
        </div>
      </div>
      <div>
        <LevelMeter withScale />
        {input && (
          <Text size="xs" c="dimmed" truncate>
            {input}
          </Text>
        )}
      </div>
    </section>
  );
}
