import type { Status } from '@pidentify/contracts';
import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import { fetchHistoryPage } from './history.ts';
import { fetchConfig, fetchHealth, fetchLyrics, fetchStatus } from './playing.ts';
import { ApiError } from './request.ts';
import { fetchAudioData, openRip } from './rip.ts';
import { fetchDevices, fetchSettings } from './settings.ts';
import { fetchUnknown } from './unknown.ts';

const historyPageSize = 50;
/** Bars of the waveform: about 13 a second in a track of ten minutes. */
const waveformParts = 8000;

export const statusQuery = queryOptions({ queryKey: ['status'], queryFn: fetchStatus });
export const healthQuery = queryOptions({ queryKey: ['health'], queryFn: fetchHealth });
export const configQuery = queryOptions({ queryKey: ['config'], queryFn: fetchConfig });
export const settingsQuery = queryOptions({ queryKey: ['settings'], queryFn: fetchSettings });
export const devicesQuery = queryOptions({ queryKey: ['devices'], queryFn: fetchDevices, staleTime: 0 });

export const historyQuery = infiniteQueryOptions({
  queryKey: ['history', 'all'],
  queryFn: ({ pageParam, signal }) =>
    fetchHistoryPage({ page: pageParam, pageSize: historyPageSize, signal }),
  initialPageParam: 1,
  getNextPageParam: (last) => last.next_page,
});

/** The newest plays only, for the foot of Now Playing. */
export const recentQuery = queryOptions({
  queryKey: ['history', 'recent'],
  queryFn: ({ signal }) => fetchHistoryPage({ page: 1, pageSize: 10, signal }),
});

/** Plays enough to suggest names from. */
export const namesQuery = queryOptions({
  queryKey: ['history', 'names'],
  queryFn: ({ signal }) => fetchHistoryPage({ page: 1, pageSize: 100, signal }),
});

type Names = Pick<NonNullable<Status['track']>, 'track_id' | 'track_name' | 'artist_name' | 'album_name'>;

/**
 * The server answers of what plays there, which may have changed: nothing is kept for the next time it plays. It asks
 * others once the track is certain, so that it is asked again then; what it gave of the guess stays until it has answered.
 */
export const lyricsQuery = (
  { track_id, track_name, artist_name, album_name }: Names,
  certainty: Status['certainty'],
) => {
  const names = [track_id, track_name, artist_name, album_name];
  return queryOptions({
    queryKey: ['lyrics', certainty, ...names],
    queryFn: fetchLyrics,
    placeholderData: (before, query) =>
      names.every((name, at) => query?.queryKey[at + 2] === name) ? before : undefined,
    gcTime: 0,
  });
};

export const unknownQuery = queryOptions({ queryKey: ['unknown'], queryFn: fetchUnknown });

export const ripQuery = (id: string) =>
  queryOptions({
    queryKey: ['rip', id],
    queryFn: ({ signal }) => openRip({ id, signal }),
    gcTime: 0,
  });

/** `version` tells two takes of one entry apart. */
export const audioDataQuery = ({ id, version }: { id: string; version: string }) =>
  queryOptions({
    queryKey: ['rip', id, 'audio', version],
    queryFn: ({ signal }) => fetchAudioData({ id, parts: waveformParts, signal }),
  });

/** Everything is kept until the live connection says otherwise. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: Number.POSITIVE_INFINITY,
        refetchOnWindowFocus: false,
        // The server may be this very computer: there is no need of a network to reach it.
        networkMode: 'always',
        retry: (count, error) => count < 2 && error instanceof ApiError && error.code === 'unreachable',
        retryDelay: (attempt) => 300 * 3 ** attempt,
      },
      mutations: { networkMode: 'always' },
    },
  });
}
