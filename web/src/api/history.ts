import { envelopeSchema, historyPageSchema, type TrackPatch } from '@pidentify/contracts';
import { ask } from './request.ts';

/** A page of plays, newest first; pages count from 1. */
export const fetchHistoryPage = ({
  page,
  pageSize,
  signal,
}: {
  page: number;
  pageSize: number;
  signal?: AbortSignal;
}) => ask({ path: `/api/history?page=${page}&page_size=${pageSize}`, answer: historyPageSchema, signal });

/** Changes one entry or many at once; fields that are left out stay as they are. */
export function patchEntries({ ids, patch }: { ids: readonly string[]; patch: TrackPatch }) {
  const [only] = ids;
  return ids.length === 1
    ? ask({ path: entryPath(only), method: 'PATCH', body: patch, answer: envelopeSchema })
    : ask({
        path: '/api/history/batch',
        method: 'PATCH',
        body: { entry_ids: ids, data: patch },
        answer: envelopeSchema,
      });
}

/** Removes one entry or many at once. */
export function deleteEntries({ ids }: { ids: readonly string[] }) {
  const [only] = ids;
  return ids.length === 1
    ? ask({ path: entryPath(only), method: 'DELETE', answer: envelopeSchema })
    : ask({
        path: '/api/history/batch',
        method: 'DELETE',
        body: { entry_ids: ids },
        answer: envelopeSchema,
      });
}

/** The play was of another track: it leaves the history, and what was heard becomes unknown. */
export const markWrong = (id: string) =>
  ask({ path: `${entryPath(id)}/wrong`, method: 'POST', answer: envelopeSchema });

/** It was right after all. */
export const unmarkWrong = (id: string) =>
  ask({ path: `${entryPath(id)}/wrong`, method: 'DELETE', answer: envelopeSchema });

const entryPath = (id: string) => `/api/history/${encodeURIComponent(id)}`;
