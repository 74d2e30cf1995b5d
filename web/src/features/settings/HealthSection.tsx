import { Button, Group, Modal, Text } from '@mantine/core';
import type { Health, ServiceHealth } from '@pidentify/contracts';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { restartRecorder } from '../../api/settings.ts';
import { useLive } from '../../live/use-live.tsx';
import { sentences } from '../../sentences.ts';
import { sinceText } from '../../ui/format.ts';
import { tell, tellError } from '../../ui/tell.ts';
import { ProviderList } from './ProviderList.tsx';
import { Section } from './Section.tsx';
import classes from './SettingsPage.module.css';

const words = sentences.settings;

/** The parts of Pidentify and whoever names music, how they are, and the version. */
export function HealthSection({ health, mayRestart }: { health: Health; mayRestart: boolean }) {
  return (
    <Section id="services" title={words.healthTitle} action={mayRestart && <RestartButton />}>
      <ul className={classes.list}>
        {health.services.map((service) => (
          <ServiceItem key={service.name} service={service} />
        ))}
      </ul>
      <ProviderList providers={health.providers} />
      <Text size="sm" c="dimmed">
        {words.version(health.version)}
      </Text>
    </Section>
  );
}

function ServiceItem({ service }: { service: ServiceHealth }) {
  const { clock } = useLive();
  const facts = [
    words.serviceState[service.state],
    words.serviceSince(sinceText(service.since, clock.now())),
    ...(service.restarts > 0 ? [words.restarts(service.restarts)] : []),
  ];
  return (
    <li className={`${classes.item} ${classes.part}`}>
      <span className={classes.dot} data-state={service.state} aria-hidden />
      <div className={classes.path}>
        <Text fw={550} size="sm">
          {words.service[service.name]}
        </Text>
        <Text size="sm" c="dimmed">
          {facts.join(' · ')}
        </Text>
        {service.detail && <Text size="sm">{service.detail}</Text>}
      </div>
    </li>
  );
}

function RestartButton() {
  const [asking, setAsking] = useState(false);
  const restart = useMutation({
    mutationFn: restartRecorder,
    onSuccess: () => tell(words.restarted),
    onError: tellError,
    onSettled: () => setAsking(false),
  });
  return (
    <>
      <Button size="sm" variant="default" onClick={() => setAsking(true)}>
        {words.restartRecorder}
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title={words.restartTitle}>
        <Text>{words.restartText}</Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            {sentences.app.cancel}
          </Button>
          <Button loading={restart.isPending} onClick={() => restart.mutate()}>
            {words.restartRecorder}
          </Button>
        </Group>
      </Modal>
    </>
  );
}
