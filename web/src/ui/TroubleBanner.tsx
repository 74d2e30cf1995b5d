import { Anchor } from '@mantine/core';
import type { Health } from '@pidentify/contracts';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { healthQuery } from '../api/queries.ts';
import { sentences } from '../sentences.ts';
import { Banner } from './Banner.tsx';

/** Says on every page that a part of Pidentify does not run; the settings have the details. */
export function TroubleBanner() {
  const { data: health } = useQuery(healthQuery);
  const trouble = health && serviceTrouble(health);
  if (!trouble) return null;
  return (
    <Banner
      icon={IconAlertTriangle}
      title={trouble}
      action={
        <Anchor component={Link} to="/settings" hash="services" fz="sm">
          {sentences.trouble.details}
        </Anchor>
      }
    />
  );
}

/** The first part that does not run, as a sentence; null when all do. */
export function serviceTrouble(health: Health): string | null {
  const broken = health.services.find(({ state }) => state !== 'running' && state !== 'external');
  if (broken) {
    const { service, serviceState } = sentences.settings;
    return sentences.trouble.service(service[broken.name], serviceState[broken.state]);
  }
  return health.bus === 'connecting' ? sentences.trouble.bus : null;
}
