import { z } from 'zod';
import { instantSchema } from './time.ts';

/** Services on the internet that name sound, in the order in which they are asked unless a person changes it. */
export const onlineProviders = ['audd', 'acrcloud', 'acoustid'] as const;
export const onlineProviderSchema = z.enum(onlineProviders);
export type OnlineProvider = z.infer<typeof onlineProviderSchema>;

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Sound and keys go there, so only an encrypted address, or one on this computer, is taken. */
function isSafeAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  if (username !== '' || password !== '') return false;
  return protocol === 'https:' || (protocol === 'http:' && loopback.test(hostname));
}
export const serviceUrlSchema = z
  .string()
  .max(512)
  .refine(isSafeAddress, { error: 'has to be an address that begins with https://' });

/**
 * `ready`: may be asked; `no_key`: off until it is given its key; `off`: not in the order of services; `waiting`: it
 * said when to ask again, or was asked a moment ago; `failing`: left alone after several failures; `key_refused`: for a
 * day, or until the key is changed or given anew; `budget_used`: no more calls today.
 */
export const providerStateSchema = z.enum([
  'ready',
  'no_key',
  'off',
  'waiting',
  'failing',
  'key_refused',
  'budget_used',
]);
export type ProviderState = z.infer<typeof providerStateSchema>;

export const providerHealthSchema = z.object({
  name: z.enum(['local', ...onlineProviders]),
  state: providerStateSchema,
  /** Why it is not ready, for people, where the state does not say it. */
  detail: z.string().nullable(),
  /** When it is asked again, where that is known. */
  until: instantSchema.nullable(),
  /** Calls since local midnight; null: nobody counts them. */
  calls_today: z.number().int().nullable(),
  budget: z.number().int().nullable(),
  last_answer: z
    .object({
      at: instantSchema,
      kind: z.enum(['match', 'no_match', 'cannot_tell']),
      /** The track that was named, or why nothing could be told. */
      text: z.string().nullable(),
    })
    .nullable(),
  /** Of the last answers, ms. */
  median_ms: z.number().int().nullable(),
});
export type ProviderHealth = z.infer<typeof providerHealthSchema>;
