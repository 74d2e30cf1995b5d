import { Button, Group, Text, Title, VisuallyHidden } from '@mantine/core';
import type { Health } from '@pidentify/contracts';
import { IconCheck } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { configQuery } from '../../api/queries.ts';
import { patchSettings } from '../../api/settings.ts';
import { sentences } from '../../sentences.ts';
import { tellError } from '../../ui/tell.ts';
import classes from './NowPlayingPage.module.css';

/** Three things to do on the first day; what is done is ticked off. */
export function FirstSteps({ health }: { health: Health }) {
  const words = sentences.firstSteps;
  const queries = useQueryClient();
  const hide = useMutation({
    mutationFn: () => patchSettings({ initial_setup_complete: true }),
    onSuccess: () => queries.invalidateQueries({ queryKey: configQuery.queryKey }),
    onError: tellError,
  });
  const steps = [
    {
      title: words.chooseInput,
      hint: health.input.description || words.chooseInputHint,
      hash: 'input',
      done: health.input.state === 'listening',
    },
    {
      title: words.chooseMusic,
      hint:
        health.index.tracks > 0
          ? sentences.index.size(health.index.tracks, health.index.hours)
          : words.chooseMusicHint,
      hash: 'music',
      done: health.index.tracks > 0,
    },
    { title: words.playSomething, hint: words.playSomethingHint, hash: null, done: false },
  ];
  return (
    <section className={classes.card} aria-labelledby="first-steps">
      <Group justify="space-between">
        <Title order={2} size="h4" id="first-steps">
          {words.title}
        </Title>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => hide.mutate()}>
          {words.hide}
        </Button>
      </Group>
      <ol className={classes.steps}>
        {steps.map((step, index) => (
          <li key={step.title}>
            <StepFrame hash={step.hash}>
              <span className={classes.number} data-done={step.done}>
                {step.done ? <IconCheck size={18} aria-hidden /> : index + 1}
              </span>
              <span>
                <Text component="span" display="block" fw={600}>
                  {step.title}
                  {step.done && <VisuallyHidden> ({words.done})</VisuallyHidden>}
                </Text>
                <Text component="span" display="block" size="sm" c="dimmed">
                  {step.hint}
                </Text>
              </span>
            </StepFrame>
          </li>
        ))}
      </ol>
    </section>
  );
}

function StepFrame({ hash, children }: { hash: string | null; children: ReactNode }) {
  if (hash === null) return <div className={classes.firstStep}>{children}</div>;
  return (
    <Link to="/settings" hash={hash} className={classes.firstStep}>
      {children}
    </Link>
  );
}
