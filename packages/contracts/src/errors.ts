import { z } from 'zod';

/**
 * Every error a person or a program can meet, by its stable code.
 * `status` is the HTTP status; `text` is a sentence for people. docs/errors.md lists them; a check
 * fails when a code is missing there.
 */
export const errorCatalogue = {
  bad_request: { status: 400, text: 'The request could not be understood.' },
  no_track: { status: 400, text: 'Nothing is playing right now.' },
  setting_invalid: { status: 400, text: 'A setting has a value that is not allowed.' },
  trim_out_of_range: { status: 400, text: 'The start and end leave nothing of the recording.' },
  image_not_allowed: { status: 400, text: 'That picture cannot be used.' },
  not_authorized: { status: 403, text: 'This needs an administrator.' },
  host_not_allowed: { status: 403, text: 'This address is not one Pidentify answers to.' },
  origin_not_allowed: { status: 403, text: 'Another website may not do this.' },
  not_this_computer: { status: 403, text: 'This can only be done on the computer that runs Pidentify.' },
  not_found: { status: 404, text: 'There is nothing at this address.' },
  entry_not_found: { status: 404, text: 'This history entry does not exist.' },
  rip_not_found: { status: 404, text: 'This recording has not been cut yet.' },
  artwork_not_found: { status: 404, text: 'There is no such picture.' },
  unknown_not_found: { status: 404, text: 'This unknown track is not there any more.' },
  sound_not_found: { status: 404, text: 'The sound of this unknown track is not kept.' },
  lyrics_not_found: { status: 404, text: 'No lyrics were found.' },
  no_window: { status: 409, text: 'This needs the native app; this one runs without a window.' },
  not_in_buffer: { status: 409, text: 'The recording of this track is no longer in the buffer.' },
  start_unknown: { status: 409, text: 'It is not known when this track started.' },
  media_type_not_allowed: { status: 415, text: 'This kind of content is not accepted here.' },
  payload_too_large: { status: 413, text: 'The request is too large.' },
  range_not_satisfiable: { status: 416, text: 'That part of the file does not exist.' },
  internal_error: { status: 500, text: 'Something went wrong inside Pidentify.' },
  save_failed: { status: 500, text: 'The track could not be written to the music library.' },
  recorder_unavailable: { status: 503, text: 'The recorder does not answer right now.' },
  lyrics_unavailable: { status: 503, text: 'Lyrics cannot be looked up right now.' },
  bus_unavailable: { status: 503, text: 'The parts of Pidentify cannot reach each other right now.' },
  disk_full: { status: 507, text: 'The disk is full.' },
  data_folder_unwritable: { status: 500, text: 'The data folder cannot be written.' },
  data_folder_silent: { status: 504, text: 'The data folder does not answer.' },
  already_running: { status: 409, text: 'Pidentify is already running with this data folder.' },
  port_taken: { status: 409, text: 'The port is in use by another program.' },
  option_invalid: { status: 400, text: 'An option on the command line is not valid.' },
  service_failed: { status: 500, text: 'A part of Pidentify could not be started.' },
  input_not_found: { status: 404, text: 'There is no input with this name.' },
  input_lost: { status: 503, text: 'The input went away.' },
  no_input: { status: 503, text: 'There is no input to listen to.' },
  audio_unreadable: { status: 422, text: 'This sound file cannot be read.' },
  too_many_streams: { status: 503, text: 'Too many recordings are being played at once.' },
  database_newer: { status: 409, text: 'The database was written by a newer Pidentify.' },
  database_not_known: { status: 409, text: 'The database is not one that this Pidentify can take over.' },
  database_damaged: { status: 500, text: 'The database is damaged.' },
  bus_timeout: { status: 504, text: 'A part of Pidentify took too long to answer.' },
} as const satisfies Record<string, { status: number; text: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

const codes = Object.keys(errorCatalogue) as [ErrorCode, ...ErrorCode[]];
export const errorCodeSchema = z.enum(codes);

/** An error with a stable code. `detail` adds to the sentence for people; `cause` is for the log. */
export class PidentifyError extends Error {
  readonly code: ErrorCode;
  readonly status: number;

  constructor(code: ErrorCode, detail?: string, options?: { cause?: unknown }) {
    const { status, text } = errorCatalogue[code];
    super(detail ? `${text} ${detail}` : text, options);
    this.name = 'PidentifyError';
    this.code = code;
    this.status = status;
  }
}

/** What crosses a process when a request fails. */
export const wireErrorSchema = z.object({ code: errorCodeSchema, message: z.string() });
export type WireError = z.infer<typeof wireErrorSchema>;

/** Any thrown value as an error with a code: a full disk is `disk_full`, what is not ours `internal_error`. */
export function toPidentifyError(thrown: unknown): PidentifyError {
  if (thrown instanceof PidentifyError) return thrown;
  if (isFullDisk(thrown)) return new PidentifyError('disk_full', undefined, { cause: thrown });
  return new PidentifyError('internal_error', undefined, { cause: thrown });
}

/** As the system says it, a quota included, or SQLite (SQLITE_FULL, sqlite.org/rescode.html). */
function isFullDisk(thrown: unknown): boolean {
  const { code, errcode } = (thrown ?? {}) as { code?: unknown; errcode?: unknown };
  // The higher bits of SQLite's codes tell details.
  return code === 'ENOSPC' || code === 'EDQUOT' || (typeof errcode === 'number' && (errcode & 0xff) === 13);
}

/** The error of another process as it was thrown there: same code, same sentence. */
export function fromWireError({ code, message }: WireError): PidentifyError {
  const error = new PidentifyError(code);
  error.message = message;
  return error;
}
