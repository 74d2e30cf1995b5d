import { z } from 'zod';

/** A moment as ISO 8601 with zone, e.g. `2026-11-22T10:00:00.000Z`. */
export const instantSchema = z.iso.datetime({ offset: true });
/** A random identifier, UUID in its usual form with dashes. */
export const uuidSchema = z.uuid();
