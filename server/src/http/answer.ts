import { type Envelope, type ErrorCode, errorCatalogue, PidentifyError } from '@pidentify/contracts';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { sqliteError } from '../database/errors.ts';

/** The envelope of an answer that went well. */
export function done(message: string): Envelope {
  return { success: true, status: 'ok', message };
}

const codesOfFastify = new Map<string, ErrorCode>([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'payload_too_large'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'media_type_not_allowed'],
  ['FST_ERR_NOT_FOUND', 'not_found'],
]);

/** Whatever went wrong in a request as an error with a code. */
function errorOfRequest(error: unknown): PidentifyError {
  if (error instanceof PidentifyError) return error;
  const { code, statusCode, message } = (error ?? {}) as Partial<FastifyError>;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problems = error.validation.map((issue) => describe(issue.instancePath, issue.message));
    return new PidentifyError('bad_request', [...new Set(problems)].slice(0, 5).join('; '));
  }
  const ours = code ? codesOfFastify.get(code) : undefined;
  if (ours) return new PidentifyError(ours);
  if (statusCode === 404) return new PidentifyError('not_found');
  if (statusCode === 416) return new PidentifyError('range_not_satisfiable');
  if (statusCode && statusCode >= 400 && statusCode < 500) {
    return new PidentifyError('bad_request', message);
  }
  return sqliteError(error) ?? new PidentifyError('internal_error', undefined, { cause: error });
}

function describe(path: string, problem: string | undefined): string {
  const name = path.replace(/^\//, '').replaceAll('/', '.');
  return name ? `${name}: ${problem}.` : `${problem}.`;
}

/** Answers a failed request with its envelope; what is our own fault goes to the log with its cause. */
export function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { code, message, status, cause } = errorOfRequest(error);
  if (code === 'internal_error' || cause) request.log.error({ err: cause ?? error, code }, message);
  else request.log.debug({ code }, message);
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .serializer((envelope) => JSON.stringify(envelope))
    .send({ success: false, status: code, message } satisfies Envelope);
}

/** The whole HTTP answer, for what fails before there is a request to reply to. */
export function rawErrorAnswer(code: ErrorCode): string {
  const { status, text } = errorCatalogue[code];
  const body = JSON.stringify({ success: false, status: code, message: text } satisfies Envelope);
  return [
    `HTTP/1.1 ${status} Error`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
