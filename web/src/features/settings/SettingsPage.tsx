import { Alert, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { useEffect } from 'react';
import { configQuery, healthQuery, settingsQuery } from '../../api/queries.ts';
import { windowHere } from '../../api/window.ts';
import { sentences } from '../../sentences.ts';
import { LoadFailed } from '../../ui/Fallbacks.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { AppearanceSection } from './AppearanceSection.tsx';
import { HealthSection } from './HealthSection.tsx';
import { IndexSection } from './IndexSection.tsx';
import { InputSection } from './InputSection.tsx';
import { MusicSection } from './MusicSection.tsx';
import { RecordingSection } from './RecordingSection.tsx';
import { Section } from './Section.tsx';
import { ServicesSection } from './ServicesSection.tsx';
import classes from './SettingsPage.module.css';
import { UnknownSection } from './UnknownSection.tsx';
import { WindowSection } from './WindowSection.tsx';

/** What can be set, and how the parts of Pidentify are. */
export function SettingsPage() {
  useTitle(sentences.app.settings);
  const { data: config, error, refetch } = useQuery(configQuery);
  const { data: health, error: healthError, refetch: askHealth } = useQuery(healthQuery);
  const isAdmin = config?.is_admin ?? false;
  return (
    <Stack gap="lg" maw={760} mx="auto">
      <Title order={1} size="h2" mt="md">
        {sentences.app.settings}
      </Title>
      {health && health.warnings.length > 0 && (
        <Alert color="amber" icon={<IconAlertTriangle />} title={sentences.settings.warnings}>
          <Stack gap={6}>
            {health.warnings.map((warning) => (
              <Text key={warning} size="sm" className={classes.words}>
                {warning}
              </Text>
            ))}
          </Stack>
        </Alert>
      )}
      {!config && error && <LoadFailed error={error} onRetry={() => void refetch()} />}
      {!config && !error && <Loading height={280} />}
      {config && !isAdmin && <Text c="dimmed">{sentences.settings.adminOnly}</Text>}
      {isAdmin && <Settable />}
      <AppearanceSection />
      {health && <HealthSection health={health} mayRestart={isAdmin} />}
      {!health && !healthError && <Loading height={160} />}
      {/* Where nothing can be loaded, that is said once. */}
      {!health && healthError && config && (
        <Section id="services" title={sentences.settings.healthTitle}>
          <LoadFailed error={healthError} onRetry={() => void askHealth()} />
        </Section>
      )}
    </Stack>
  );
}

function Loading({ height }: { height: number }) {
  return <Skeleton height={height} radius="lg" role="status" aria-label={sentences.app.loading} />;
}

/** The sections that need the settings themselves. */
function Settable() {
  const { data: settings, error, refetch } = useQuery(settingsQuery);
  const { data: health } = useQuery(healthQuery);
  const window = windowHere(health);
  useScrollToHash(settings !== undefined);
  if (!settings) {
    if (error) return <LoadFailed error={error} onRetry={() => void refetch()} />;
    return <Loading height={280} />;
  }
  return (
    <>
      <InputSection settings={settings} input={health?.input} />
      <MusicSection settings={settings} canChoose={window !== null} />
      {health && <IndexSection index={health.index} />}
      <ServicesSection settings={settings} />
      <RecordingSection settings={settings} input={health?.input} />
      <UnknownSection settings={settings} />
      {window && <WindowSection window={window} settings={settings} />}
    </>
  );
}

/** The router looks for the place in the address before the settings have come. */
function useScrollToHash(ready: boolean): void {
  const { hash } = useLocation();
  useEffect(() => {
    if (ready && hash) document.getElementById(hash)?.scrollIntoView({ block: 'start' });
  }, [ready, hash]);
}
