import { Anchor, Group, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { recentQuery } from '../../api/queries.ts';
import { sentences } from '../../sentences.ts';
import { Artwork } from '../../ui/Artwork.tsx';
import { timeText } from '../../ui/format.ts';
import { playedAt } from '../history/group.ts';
import classes from './NowPlayingPage.module.css';

const shown = 5;

/** The last few plays but the one that is on. Absent when there are none or they cannot be had: History says why. */
export function Recent({ playing }: { playing: string | null }) {
  const { data } = useQuery(recentQuery);
  const entries = data?.data.filter((entry) => entry.entry_id !== playing) ?? [];
  if (entries.length === 0) return null;
  return (
    <section className={classes.card} aria-labelledby="recent">
      <Group justify="space-between">
        <Title order={2} size="h4" id="recent">
          {sentences.listening.recent}
        </Title>
        <Anchor component={Link} to="/history" fz="sm">
          {sentences.listening.allHistory}
        </Anchor>
      </Group>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways on a phone, also by keyboard */}
      <ul className={classes.recent} tabIndex={0} aria-labelledby="recent">
        {entries.slice(0, shown).map((entry) => (
          <li key={entry.entry_id}>
            <Artwork
              src={entry.track.track_image}
              title={entry.track.track_name}
              className={classes.recentCover}
            />
            <Text size="sm" fw={550} truncate>
              {entry.track.track_name}
            </Text>
            <Text size="xs" c="dimmed" truncate>
              {entry.track.artist_name || sentences.track.unknownArtist}
            </Text>
            <Text size="xs" c="dimmed" className="numbers">
              {timeText(playedAt(entry))}
            </Text>
          </li>
        ))}
      </ul>
    </section>
  );
}
