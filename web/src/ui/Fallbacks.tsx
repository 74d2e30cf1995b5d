import { Button } from '@mantine/core';
import { IconAlertTriangle, IconMoodPuzzled } from '@tabler/icons-react';
import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { ApiError, errorSentence } from '../api/request.ts';
import { sentences } from '../sentences.ts';
import { Notice } from './Notice.tsx';

export function NotFoundPage() {
  return (
    <Notice
      isPage
      icon={IconMoodPuzzled}
      title={sentences.app.notFound}
      text={sentences.app.notFoundHint}
      action={
        <Button component={Link} to="/" variant="light">
          {sentences.app.nowPlaying}
        </Button>
      }
    />
  );
}

/** Stands in for a page that threw; also for one whose code could not be fetched. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  return (
    <Notice
      icon={IconAlertTriangle}
      title={sentences.app.brokenPage}
      isPage
      text={error instanceof ApiError ? error.message : undefined}
      action={
        <Button variant="light" onClick={reset}>
          {sentences.app.tryAgain}
        </Button>
      }
    />
  );
}

/** Stands in for data that could not be loaded, with the server's sentence. */
export function LoadFailed({
  error,
  onRetry,
  isPage = false,
}: {
  error: unknown;
  onRetry: () => void;
  isPage?: boolean;
}) {
  return (
    <Notice
      icon={IconAlertTriangle}
      title={sentences.errors.loadFailed}
      text={errorSentence(error)}
      isAlert
      isPage={isPage}
      action={
        <Button variant="light" onClick={onRetry}>
          {sentences.app.tryAgain}
        </Button>
      }
    />
  );
}
