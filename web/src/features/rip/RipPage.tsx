import { Anchor, Button, Loader, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconArrowLeft } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { ripQuery } from '../../api/queries.ts';
import { ApiError, errorSentence } from '../../api/request.ts';
import { sentences } from '../../sentences.ts';
import { Notice } from '../../ui/Notice.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { RipEditor } from './RipEditor.tsx';
import classes from './RipPage.module.css';

/** Cuts a play out of the buffer, trims it by ear and saves it to the music library. */
export function RipPage() {
  const { id } = useParams({ from: '/rip/$id' });
  useTitle(sentences.app.rip);
  const { data: rip, error, refetch, isFetching } = useQuery(ripQuery(id));
  return (
    <>
      <Anchor component={Link} to="/history" className={classes.back}>
        <IconArrowLeft size={18} aria-hidden /> {sentences.rip.back}
      </Anchor>
      <Title order={1} size="h2" mb="md">
        {sentences.app.rip}
      </Title>
      {rip && <RipEditor key={id} id={id} rip={rip} />}
      {!rip && isFetching && (
        <Stack align="center" py={80} role="status">
          <Loader />
          <Text c="dimmed">{sentences.rip.cutting}</Text>
        </Stack>
      )}
      {!rip && !isFetching && error && <CannotCut error={error} onRetry={() => void refetch()} />}
    </>
  );
}

function CannotCut({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const tooOld = error instanceof ApiError && error.code === 'not_in_buffer';
  return (
    <Notice
      icon={IconAlertTriangle}
      title={errorSentence(error)}
      text={tooOld ? sentences.rip.notInBuffer : undefined}
      isAlert
      action={
        tooOld ? (
          <Button component={Link} to="/settings" hash="recording" variant="light">
            {sentences.listening.openSettings}
          </Button>
        ) : (
          <Button variant="light" onClick={onRetry}>
            {sentences.app.tryAgain}
          </Button>
        )
      }
    />
  );
}
