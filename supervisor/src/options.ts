import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { PidentifyError } from '@pidentify/contracts';

/** The command line, paths absolute. */
export type Options = {
  /** Opens no window or browser. */
  headless: boolean;
  data?: string;
  music?: string;
  /** Name of an input, or `file:` and an absolute path. */
  input?: string;
  /** 0: any free one; undefined: 8000 where it is free. */
  port?: number;
  events: 'text' | 'json';
  watchStdin: boolean;
  help: boolean;
};

export const usage = `Pidentify: names, remembers and saves what plays.

  --data DIR       where settings, history and recordings are kept
  --music DIR      where saved tracks go
  --input NAME     what to listen to: name of an input, or file:PATH for a sound file or a folder of them
  --port N         port of the web page; 0: any free one (default: 8000 where it is free)
  --headless       open no window or browser (--no-open is the same)
  --events json    one JSON object a line on standard output, for a program that starts Pidentify
  --watch-stdin    stop when standard input ends
  --help           show this`;

/** Reads the command line; `cwd` is where relative paths begin. Throws option_invalid. */
export function readOptions(args: readonly string[], cwd: string): Options {
  const { values } = parse(args);
  return {
    headless: values.headless === true || values['no-open'] === true,
    data: folder('data', values.data, cwd),
    music: folder('music', values.music, cwd),
    input: values.input === undefined ? undefined : readInput(values.input, cwd),
    port: values.port === undefined ? undefined : readPort(values.port),
    events: readEvents(values.events),
    watchStdin: values['watch-stdin'] === true,
    help: values.help === true,
  };
}

/** How the one who gave these arguments wants to be told, even where `readOptions` cannot use them. */
export function wantedEvents(args: readonly string[]): Options['events'] {
  const { values } = parseArgs({ args: [...args], options: { events: { type: 'string' } }, strict: false });
  return values.events === 'json' ? 'json' : 'text';
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        headless: { type: 'boolean' },
        data: { type: 'string' },
        music: { type: 'string' },
        input: { type: 'string' },
        port: { type: 'string' },
        events: { type: 'string' },
        'watch-stdin': { type: 'boolean' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw invalid((error as Error).message.split('. ')[0]);
  }
}

function folder(name: string, value: string | undefined, cwd: string): string | undefined {
  if (value === '') throw invalid(`--${name} needs a folder`);
  return value === undefined ? undefined : resolve(cwd, value);
}

function readInput(value: string, cwd: string): string {
  if (value === '' || value === 'file:') throw invalid('--input needs a name or file:PATH');
  // No input of any system has such a name.
  if (/^(\/|\.{1,2}\/|~\/)/.test(value))
    throw invalid(`--input ${value}: a sound file is given as file:${value}`);
  return value.startsWith('file:') ? `file:${resolve(cwd, value.slice('file:'.length))}` : value;
}

function readPort(value: string): number {
  if (!/^\d{1,5}$/.test(value) || Number(value) > 65_535) {
    throw invalid(`--port ${JSON.stringify(value)} is not a port: 0 to 65535`);
  }
  return Number(value);
}

function readEvents(value: string | undefined): Options['events'] {
  if (value === undefined) return 'text';
  if (value !== 'json') throw invalid(`--events ${JSON.stringify(value)} is not known: json`);
  return value;
}

const invalid = (detail: string) => new PidentifyError('option_invalid', `${detail}.`);
