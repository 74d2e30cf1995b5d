import { z } from 'zod';

/** A moment as ISO 8601 with zone, e.g. `2026-11-22T10:00:00.000Z`. */
export const instantSchema = z.iso.datetime({ offset: true });
/** A random identifier, UUID in its usual form with dashes. */
export const uuidSchema = z.uuid();

/** The identifier of a history entry as people and programs write it, with or without dashes; yields it with. */
export const entryIdSchema = z
  .string()
  .regex(/^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i, 'is not a UUID')
  .transform((id) =>
    id
      .replaceAll('-', '')
      .toLowerCase()
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
  );
