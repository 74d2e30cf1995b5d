import { Button, Text, Title } from '@mantine/core';
import type { Status } from '@pidentify/contracts';
import { useQuery } from '@tanstack/react-query';
import { lyricsQuery, settingsQuery } from '../../api/queries.ts';
import { ApiError, errorSentence } from '../../api/request.ts';
import { sentences } from '../../sentences.ts';
import { useSetting } from '../settings/use-setting.ts';
import classes from './Lyrics.module.css';
import { LyricsLines } from './LyricsLines.tsx';
import page from './NowPlayingPage.module.css';

const words = sentences.lyrics;

type LyricsProps = { status: Status; track: NonNullable<Status['track']>; now: number };

/** The words of the track that plays, or why there are none. */
export function Lyrics({ status, track, now }: LyricsProps) {
  const { data, error, isFetching, refetch } = useQuery(lyricsQuery(track, status.certainty));
  // It has ended meanwhile, which the page is about to be told.
  if (error instanceof ApiError && error.code === 'no_track') return null;
  return (
    <section className={page.card} aria-labelledby="lyrics">
      <Title order={2} size="h4" id="lyrics">
        {words.title}
      </Title>
      {data && <LyricsLines key={track.track_id} lyrics={data} status={status} now={now} />}
      {!data && isFetching && <Text className={classes.looking}>{words.looking}</Text>}
      {error && !isFetching && (
        <NoLyrics error={error} mayAsk={Boolean(track.artist_name)} onRetry={() => void refetch()} />
      )}
    </section>
  );
}

type NoLyricsProps = { error: Error; mayAsk: boolean; onRetry: () => void };

function NoLyrics({ error, mayAsk, onRetry }: NoLyricsProps) {
  const isNone = error instanceof ApiError && error.code === 'lyrics_not_found';
  return (
    <div className={classes.none}>
      <Text c="dimmed">{errorSentence(error)}</Text>
      {isNone ? (
        mayAsk && <Offer onAccepted={onRetry} />
      ) : (
        <Button variant="light" size="sm" onClick={onRetry}>
          {sentences.app.tryAgain}
        </Button>
      )}
    </div>
  );
}

/** To look for them on the internet, where that is not switched on yet. */
function Offer({ onAccepted }: { onAccepted: () => void }) {
  const { data: settings } = useQuery(settingsQuery);
  const setting = useSetting();
  if (!settings || settings.lyrics_from_lrclib) return null;
  return (
    <>
      <Button
        variant="light"
        size="sm"
        loading={setting.isSaving}
        onClick={() => setting.save({ lyrics_from_lrclib: true }, { onSuccess: onAccepted })}
      >
        {words.lookAtLrclib}
      </Button>
      <Text size="sm" c="dimmed">
        {words.lrclibHint}
      </Text>
      {setting.error && (
        <Text size="sm" c="var(--bad-text)" role="alert">
          {setting.error}
        </Text>
      )}
    </>
  );
}
