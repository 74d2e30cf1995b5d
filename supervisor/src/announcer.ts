import {
  PidentifyError,
  type ShellRequest,
  type SupervisorEvent,
  supervisorEventSchema,
  toPidentifyError,
} from '@pidentify/contracts';
import { usage } from './options.ts';

/** Tells whoever started the program how it goes: a person in short lines, a shell in JSON lines. */
export type Announcer = {
  /** `progress` of the start: 0 to 1. */
  phase: (phase: string, text: string, progress?: number) => void;
  ready: (facts: { url: string; port: number; token: string; version: string }) => void;
  failed: (error: PidentifyError, log?: string) => void;
  /** What was logged before a failure, for whoever shows it beside the sentence. */
  lastLines: (lines: readonly string[]) => void;
  stopped: (status: number) => void;
  /** What is wrong with the input, or that it is well again: a shell shows the page, which says so. */
  input: (sentence: string) => void;
  /** Something the window is to do. */
  request: (request: ShellRequest) => void;
};

type Write = (line: string) => void;

export function createAnnouncer(options: {
  events: 'text' | 'json';
  /** Standard output and standard error. */
  out: Write;
  err: Write;
}): Announcer {
  return options.events === 'json' ? announceToShell(options) : announceToPerson(options);
}

function announceToShell({ out, err }: { out: Write; err: Write }): Announcer {
  const say = (event: SupervisorEvent) => out(`${JSON.stringify(supervisorEventSchema.parse(event))}\n`);
  return {
    phase: (phase, text, progress) => say({ phase, text, progress }),
    ready: (ready) => say({ ready }),
    failed: ({ code, message }, log) => say({ failed: { code, message, log } }),
    lastLines: (lines) => err(lines.map((line) => `${line}\n`).join('')),
    stopped: (status) => say({ stopped: { status } }),
    input: () => undefined,
    request: (request) => say({ request }),
  };
}

function announceToPerson({ out, err }: { out: Write; err: Write }): Announcer {
  return {
    phase: (_, text) => out(`${text}\n`),
    // Alone on its line: scripts wait for it.
    ready: ({ url }) => out(`ready ${url}\n`),
    failed: ({ code, message }, log) => {
      const more = [code === 'option_invalid' && `\n${usage}`, log && `More in ${log}`];
      err(`${[`Pidentify: ${message}`, ...more].filter(Boolean).join('\n')}\n`);
    },
    // The folder of the logs has been named.
    lastLines: () => undefined,
    stopped: () => undefined,
    input: (sentence) => out(`${sentence}\n`),
    request: () => undefined,
  };
}

/** A fault of ours says nothing without what was thrown. */
function withReason(error: PidentifyError): PidentifyError {
  const { code, cause } = error;
  if (code !== 'internal_error' || !cause) return error;
  return new PidentifyError(code, `(${cause instanceof Error ? cause.message : cause})`, { cause });
}

const exitStatus: Readonly<Record<string, number>> = { option_invalid: 2, already_running: 3 };

/** Tells why the program ends; returns its exit status. */
export function announceFailure(options: {
  thrown: unknown;
  announcer: Announcer;
  err: Write;
  /** Folder of log files. */
  log?: string;
}): number {
  const { thrown, announcer, err, log } = options;
  const error = withReason(toPidentifyError(thrown));
  announcer.failed(error, log);
  // A fault of ours: what happened is worth more than a sentence.
  if (error.code === 'internal_error') err(`${(thrown as Error).stack ?? thrown}\n`);
  return exitStatus[error.code] ?? 1;
}
