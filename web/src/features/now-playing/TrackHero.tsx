import { Badge, Tooltip, VisuallyHidden } from '@mantine/core';
import type { Status } from '@pidentify/contracts';
import { IconHelp } from '@tabler/icons-react';
import { sentences } from '../../sentences.ts';
import { Artwork } from '../../ui/Artwork.tsx';
import { clockText, speedText } from '../../ui/format.ts';
import { HeroActions } from './HeroActions.tsx';
import classes from './NowPlayingPage.module.css';
import { trackProgress } from './progress.ts';

type TrackHeroProps = { status: Status; track: NonNullable<Status['track']>; now: number };

/** The track that plays, large. */
export function TrackHero({ status, track, now }: TrackHeroProps) {
  const title = track.track_name || sentences.track.unknownTitle;
  return (
    <section className={classes.hero} aria-label={sentences.app.nowPlaying}>
      <Artwork src={track.track_image} title={title} decorative={false} className={classes.cover} />
      <div className={classes.facts}>
        {status.certainty === 'tentative' && (
          <div className={classes.maybe}>
            <Badge size="lg" tt="none" c="#171411" leftSection={<IconHelp size={16} aria-hidden />}>
              {sentences.track.maybe}
            </Badge>
            <span>{sentences.track.maybeHint}</span>
          </div>
        )}
        <h1 className={classes.title}>{title}</h1>
        <div className={classes.artist}>{track.artist_name || sentences.track.unknownArtist}</div>
        {track.album_name && <div className={classes.album}>{track.album_name}</div>}
        <ProgressBar status={status} now={now} />
        {status.side?.expected && (
          <div className={classes.following}>{sentences.track.next(status.side.expected.track_name)}</div>
        )}
        <HeroActions status={status} />
        <VisuallyHidden role="status">
          {sentences.track.nowPlaying(title, track.artist_name ?? null)}
        </VisuallyHidden>
      </div>
    </section>
  );
}

function ProgressBar({ status, now }: { status: Status; now: number }) {
  const progress = trackProgress({ status, now });
  const speed = speedText(status.speed);
  if (!progress) return null;
  const { position, duration, fraction } = progress;
  const at = clockText(position);
  return (
    <div className={classes.progress}>
      {fraction !== null && duration !== null && (
        <div
          className={classes.bar}
          role="progressbar"
          aria-label={sentences.track.position}
          aria-valuemin={0}
          aria-valuemax={Math.round(duration)}
          aria-valuenow={Math.floor(position)}
          aria-valuetext={sentences.track.positionText(at, clockText(duration))}
        >
          <div className={classes.fill} style={{ transform: `scaleX(${fraction})` }} />
        </div>
      )}
      <div className={classes.times}>
        <span>{duration === null ? at : `${at} / ${clockText(duration)}`}</span>
        {speed && (
          <Tooltip label={sentences.track.speedHint} multiline maw={260}>
            <span>{sentences.track.speed(speed)}</span>
          </Tooltip>
        )}
      </div>
    </div>
  );
}
