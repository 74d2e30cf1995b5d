import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useConnection, useLive } from '../live/use-live.tsx';
import { sentences } from '../sentences.ts';
import { Banner } from './Banner.tsx';

/** Says that what is on the screen may be old, and when the next try is. */
export function ConnectionBanner() {
  const connection = useConnection();
  const { retryNow } = useLive();
  if (connection.state === 'open' || connection.state === 'connecting') return null;
  return (
    <Banner
      icon={IconPlugConnectedX}
      title={sentences.connection.lost}
      text={
        connection.state === 'waiting' ? (
          <Countdown retryAt={connection.retryAt} />
        ) : (
          sentences.connection.retrying
        )
      }
      action={
        <Button size="compact-sm" variant="default" onClick={retryNow}>
          {sentences.connection.retryNow}
        </Button>
      }
    />
  );
}

/** Hidden from screen readers: they would read every second out. */
function Countdown({ retryAt }: { retryAt: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const seconds = Math.max(1, Math.ceil((retryAt - now) / 1000));
  return <span aria-hidden>{sentences.connection.retryIn(seconds)}</span>;
}
