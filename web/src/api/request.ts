import { envelopeSchema } from '@pidentify/contracts';
import type { z } from 'zod';
import { sentences } from '../sentences.ts';

/**
 * A request that did not do what was asked. `code` is the server's stable word, or `unreachable` (no
 * answer at all) or `unexpected_answer` (not what the contracts say). `message` is for people.
 */
export class ApiError extends Error {
  readonly code: string;
  readonly httpStatus: number | null;

  constructor(code: string, message: string, httpStatus: number | null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiError';
    this.code = code;
    this.httpStatus = httpStatus;
  }
}

export type Ask<T extends z.ZodType> = {
  path: string;
  answer: T;
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Sent as JSON, unless it is a Blob, which is sent as it is. */
  body?: unknown;
  signal?: AbortSignal;
};

/** Asks the API and parses its answer. @throws {ApiError} */
export async function ask<T extends z.ZodType>({
  path,
  answer,
  method = 'GET',
  body,
  signal,
}: Ask<T>): Promise<z.infer<T>> {
  const response = await send({ path, method, body, signal });
  const raw = await readJson(response);
  if (!response.ok) throw refusal(raw, response.status);
  const parsed = answer.safeParse(raw);
  if (!parsed.success) {
    throw new ApiError('unexpected_answer', sentences.errors.unexpectedAnswer, response.status, {
      cause: parsed.error,
    });
  }
  return parsed.data;
}

async function send({ path, method, body, signal }: Omit<Ask<z.ZodType>, 'answer'>): Promise<Response> {
  const init: RequestInit = { method, signal, headers: { accept: 'application/json' } };
  if (body instanceof Blob) init.body = body;
  else if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { ...init.headers, 'content-type': 'application/json' };
  }
  try {
    return await fetch(path, init);
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    throw new ApiError('unreachable', sentences.errors.unreachable, null, { cause: thrown });
  }
}

/** The body as JSON; undefined for anything else, e.g. the page of a proxy in between. */
async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller names it by the HTTP status or as an unexpected answer.
    return undefined;
  }
}

function refusal(raw: unknown, httpStatus: number): ApiError {
  const envelope = envelopeSchema.safeParse(raw);
  if (envelope.success) return new ApiError(envelope.data.status, envelope.data.message, httpStatus);
  return new ApiError('unexpected_answer', sentences.errors.httpStatus(httpStatus), httpStatus);
}

/** The sentence to show for anything that was thrown. */
export function errorSentence(thrown: unknown): string {
  return thrown instanceof ApiError ? thrown.message : sentences.errors.unknown;
}
