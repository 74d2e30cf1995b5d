import { Skeleton, VisuallyHidden } from '@mantine/core';
import type { Health, Status } from '@pidentify/contracts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { healthQuery, statusQuery } from '../../api/queries.ts';
import { useNow } from '../../live/use-now.ts';
import { sentences } from '../../sentences.ts';
import { Ambient } from '../../ui/Ambient.tsx';
import { LoadFailed } from '../../ui/Fallbacks.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { Idle } from './Idle.tsx';
import { IndexCard } from './IndexCard.tsx';
import { ListeningBar } from './ListeningBar.tsx';
import { Lyrics } from './Lyrics.tsx';
import classes from './NowPlayingPage.module.css';
import { isCounting } from './next-step.ts';
import { Recent } from './Recent.tsx';
import { TrackHero } from './TrackHero.tsx';

/** What plays, how far it is, and what Pidentify does about it. */
export function NowPlayingPage() {
  const { data: status, error, refetch } = useQuery(statusQuery);
  const { data: health } = useQuery(healthQuery);
  useTitle(titleOf(status));
  const shownError = useLastError(error);
  if (!status) {
    return shownError ? <LoadFailed isPage error={shownError} onRetry={() => void refetch()} /> : <Loading />;
  }
  return <Loaded status={status} health={health} />;
}

/** While it is tried again the query has no error: the page would flicker with every try. */
function useLastError(error: Error | null): Error | null {
  const [last, setLast] = useState(error);
  if (error && error !== last) setLast(error);
  return error ?? last;
}

function Loaded({ status, health }: { status: Status; health: Health | undefined }) {
  const now = useNow({ running: isCounting(status) });
  return (
    <>
      <Ambient src={status.track?.track_image} />
      <div className={classes.page}>
        {status.track ? (
          <>
            <TrackHero status={status} track={status.track} now={now} />
            <Lyrics status={status} track={status.track} now={now} />
          </>
        ) : (
          <Idle status={status} health={health} />
        )}
        <ListeningBar status={status} health={health} now={now} />
        {health && <IndexCard index={health.index} />}
        <Recent playing={status.entry_id ?? null} />
      </div>
    </>
  );
}

function titleOf(status: Status | undefined): string {
  const track = status?.track;
  if (!track) return sentences.app.nowPlaying;
  return track.artist_name ? `${track.track_name} – ${track.artist_name}` : track.track_name;
}

function Loading() {
  return (
    <div className={classes.hero} role="status" aria-label={sentences.app.loading}>
      <VisuallyHidden component="h1">{sentences.app.nowPlaying}</VisuallyHidden>
      <Skeleton className={classes.cover} />
      <div className={classes.facts}>
        <Skeleton height={40} width="80%" mb="md" />
        <Skeleton height={22} width="55%" mb="sm" />
        <Skeleton height={18} width="40%" mb="xl" />
        <Skeleton height={6} />
      </div>
    </div>
  );
}
