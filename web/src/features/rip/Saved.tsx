import { Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconCircleCheckFilled } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { healthQuery } from '../../api/queries.ts';
import { windowHere, wishOfWindow } from '../../api/window.ts';
import { sentences } from '../../sentences.ts';
import { tellError } from '../../ui/tell.ts';
import classes from './RipPage.module.css';

/** After a save: where the file is, and where to go from here. */
export function Saved({ path, onAgain }: { path: string; onAgain: () => void }) {
  const { data: health } = useQuery(healthQuery);
  const words = sentences.rip;
  return (
    <Stack align="center" gap="sm" py={56} role="status">
      <IconCircleCheckFilled size={56} className={classes.done} aria-hidden />
      <Title order={2}>{words.savedTitle}</Title>
      <Text c="dimmed">{words.savedTo}</Text>
      <code className={classes.path}>{path}</code>
      <Group mt="md" justify="center">
        {windowHere(health) && (
          <Button
            variant="default"
            onClick={() => wishOfWindow({ wish: 'show_saved', path }).catch(tellError)}
          >
            {words.showInFolder}
          </Button>
        )}
        <Button component={Link} to="/history">
          {sentences.app.history}
        </Button>
        <Button component={Link} to="/" variant="default">
          {sentences.app.nowPlaying}
        </Button>
        <Button variant="subtle" color="gray" onClick={onAgain}>
          {words.saveAnother}
        </Button>
      </Group>
    </Stack>
  );
}
