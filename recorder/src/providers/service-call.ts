import { readAnswer, retryAfterMs } from '@pidentify/platform';
import type { z } from 'zod';
import type { CannotTell, Trouble } from '../identify.ts';

/** An answer names a track or a few; more is a mistake, or somebody who wants our memory. */
const mostBytes = 1 << 20;
const mostWords = 200;

type ServiceCall<T> = {
  url: URL;
  form: FormData | URLSearchParams;
  signal: AbortSignal;
  /** Never to be seen in a log or on the page, should the service repeat them. */
  secrets: readonly string[];
  answer: z.ZodType<T>;
};
type Reply = { status: number; headers: Headers; text: string };

/**
 * Asks a service, once. What is no answer of the known form (a web page, other types, half of it) could not tell. Nothing is
 * asked again by itself: each call may cost the user money. Never throws.
 */
export async function callService<T>(
  call: ServiceCall<T>,
): Promise<{ kind: 'reply'; value: T } | CannotTell> {
  const said = (answer: CannotTell) => ({ ...answer, why: withoutSecrets(answer.why, call.secrets) });
  try {
    const reply = await post(call);
    if ('kind' in reply) return said(reply);
    return refusal(reply) ?? parsed(reply, call.answer);
  } catch (error) {
    return said(fault(reachText(error)));
  }
}

/** A sentence of a service, short and without the keys it was asked with. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const cleared = secrets
    .filter((secret) => secret !== '')
    .reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  return cleared.length > mostWords ? `${cleared.slice(0, mostWords)}…` : cleared;
}

const fault = (why: string, trouble: Trouble = 'fault'): CannotTell => ({
  kind: 'cannot_tell',
  why,
  trouble,
});

async function post({ url, form, signal }: ServiceCall<unknown>): Promise<Reply | CannotTell> {
  const response = await fetch(url, {
    method: 'POST',
    body: form,
    signal,
    // Not followed: the sound and the key are meant for this address alone.
    redirect: 'manual',
    headers: { accept: 'application/json', 'user-agent': 'Pidentify' },
  });
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    await response.body?.cancel();
    const target = headers.get('location') ?? '';
    const where = URL.canParse(target, url) ? new URL(target, url).host : 'nowhere';
    return fault(`it sends on to ${where}, which is not followed`);
  }
  const text = await readAnswer(response, mostBytes);
  return text === null ? fault('its answer is too long') : { status, headers, text };
}

/** Answers that say by their status alone that there is none. */
function refusal({ status, headers, text }: Reply): CannotTell | null {
  const waitMs = retryAfterMs(headers, Date.now());
  if (status === 429 || (status === 503 && waitMs !== undefined)) {
    return {
      ...fault(`it wants fewer questions (HTTP ${status})`, 'busy'),
      ...(waitMs !== undefined && { waitMs }),
    };
  }
  // Some services send their JSON as text/html, so it is the body that decides.
  if (text.trimStart().startsWith('<')) return fault(`it answers with a web page (HTTP ${status})`);
  return null;
}

function parsed<T>({ status, text }: Reply, schema: z.ZodType<T>): { kind: 'reply'; value: T } | CannotTell {
  const result = schema.safeParse(readJson(text));
  if (result.success) return { kind: 'reply', value: result.data };
  if (status === 401 || status === 403) return fault(`it refuses the key (HTTP ${status})`, 'key');
  if (status < 200 || status > 299) return fault(`it does not work right now (HTTP ${status})`);
  const where = result.error.issues[0]?.path.join('.');
  return fault(`its answer is not in the form that is known${where ? ` (${where})` : ''}`);
}

/** Undefined for what is no JSON; no schema takes that. */
function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Why a service could not be reached: undici puts the system's code into the cause. */
function reachText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
  return `it cannot be reached (${code})`;
}
