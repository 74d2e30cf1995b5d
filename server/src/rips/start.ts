import type { Bus } from '@pidentify/bus';
import { type Config, PidentifyError } from '@pidentify/contracts';
import type { Entries } from '../history/entries.ts';
import type { EntryRow } from '../history/entry.ts';
import { wishedStretch, worthCutting } from './stretch.ts';
import type { Takes } from './takes.ts';

export type StartParts = {
  bus: Pick<Bus, 'ask'>;
  entries: Pick<Entries, 'findRow' | 'cutOut' | 'discardTake'>;
  takes: Takes;
  config: () => Readonly<Config>;
  log: { warn: (context: object, text: string) => void };
  now?: () => number;
};

/** Encoding a long take on a small computer takes a while. */
const cutTimeoutMs = 120_000;

/**
 * Has the recorder cut the sound of an entry out of the rolling buffer. Asked again it cuts again only
 * where that gives more; a take is never lost to a buffer that has moved on.
 * @throws PidentifyError entry_not_found, start_unknown, not_in_buffer, recorder_unavailable, disk_full
 */
export function createRipStart(parts: StartParts): (entryId: string) => Promise<void> {
  const underWay = new Map<string, Promise<void>>();
  return (entryId) => {
    const present = underWay.get(entryId);
    if (present) return present;
    const started = startRip(parts, entryId).finally(() => underWay.delete(entryId));
    underWay.set(entryId, started);
    return started;
  };
}

async function startRip(parts: StartParts, entryId: string): Promise<void> {
  const { entries, takes, config, log, now = Date.now } = parts;
  const entry = await entries.findRow(entryId);
  if (!entry) throw new PidentifyError('entry_not_found');
  const { temp_save_offset: margin, buffer_length_seconds: bufferSeconds } = config();
  const wish = wishedStretch(entry, { margin, now: now() });
  const take = await takes.find(entry);
  if (take && !worthCutting({ take, wish, now: now(), bufferSeconds })) return;
  try {
    await cut(parts, { entry, entryId, wish });
  } catch (error) {
    if (!take) throw error;
    log.warn({ err: error, entryId }, 'the take could not be cut again; the one there is stays');
  }
}

async function cut(
  { bus, entries, takes }: StartParts,
  { entry, entryId, wish }: { entry: EntryRow; entryId: string; wish: { from: number; to: number } },
): Promise<void> {
  const from = new Date(wish.from).toISOString();
  const to = new Date(wish.to).toISOString();
  const take = await bus.ask('recorder.cut', { entry_id: entryId, from, to }, { timeoutMs: cutTimeoutMs });
  if (!(await entries.findRow(entryId))) {
    await entries.discardTake(entryId);
    throw new PidentifyError('entry_not_found', 'It was removed meanwhile.');
  }
  await takes.keep(take, wish);
  if (!entry.saved_temp_buffer) await entries.cutOut(entryId);
}
