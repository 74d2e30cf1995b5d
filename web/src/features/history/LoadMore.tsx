import { Button, Loader, Text } from '@mantine/core';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { errorSentence } from '../../api/request.ts';
import { sentences } from '../../sentences.ts';
import classes from './HistoryPage.module.css';

type Paged = Pick<
  UseInfiniteQueryResult,
  'hasNextPage' | 'isFetchingNextPage' | 'isFetchNextPageError' | 'fetchNextPage' | 'error'
>;

/** The foot of the list: fetches the next page shortly before it comes into view. */
export function LoadMore({ query }: { query: Paged }) {
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage, error } = query;
  const foot = useRef<HTMLDivElement>(null);
  const automatic = hasNextPage && !isFetchingNextPage && !isFetchNextPageError;
  useEffect(() => {
    if (!automatic || !foot.current) return;
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) void fetchNextPage();
      },
      { rootMargin: '600px' },
    );
    observer.observe(foot.current);
    return () => observer.disconnect();
  }, [automatic, fetchNextPage]);
  if (!hasNextPage) return null;
  return (
    <div ref={foot} className={classes.more}>
      {isFetchNextPageError && (
        <Text size="sm" c="var(--bad-text)" role="alert">
          {errorSentence(error)}
        </Text>
      )}
      {isFetchingNextPage ? (
        <Loader size="sm" aria-label={sentences.app.loading} />
      ) : (
        <Button variant="subtle" color="gray" onClick={() => void fetchNextPage()}>
          {sentences.history.more}
        </Button>
      )}
    </div>
  );
}
