/** How answers of services are read: strictly in what names a track, leniently in all else. */
import { z } from 'zod';

/** A fact that a match can do without; one of another form counts as none. */
export const detail = <T extends z.ZodType>(schema: T) => schema.nullish().catch(null);

/** The entries that can be used; refused where there are entries, and none of them can. */
export const usable = <T extends z.ZodType>(entry: T) =>
  z.array(z.unknown()).transform((entries, context): z.output<T>[] => {
    const parsed = entries.map((each) => entry.safeParse(each));
    const good = parsed.flatMap((each) => (each.success ? [each.data] : []));
    if (entries.length > 0 && good.length === 0) {
      context.addIssue({ code: 'custom', message: parsed[0].error?.issues[0]?.message ?? 'cannot be used' });
    }
    return good;
  });
