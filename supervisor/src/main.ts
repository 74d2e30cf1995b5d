/** The supervisor: starts the message bus, server and recorder, keeps them running, stops them in order. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { hostPlatform, settleMemory } from '@pidentify/platform';
import { endProcess } from './end-process.ts';
import { supervise } from './supervise.ts';

const root = resolve(import.meta.dirname, '../..');
/** In development the sources run as they are; a bundle has the same folders, one file a process. */
const kind = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

// A reader that is gone is no reason to end out of order: the end of standard input tells.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

settleMemory();
const ending = await supervise({
  args: process.argv.slice(2),
  env: process.env,
  platform: hostPlatform(),
  home: homedir(),
  // npm changes to the project's folder, but a person means the one they are in.
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdin: process.stdin,
  out: (line) => void process.stdout.write(line),
  err: (line) => void process.stderr.write(line),
  readText: (path) => {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      return null; // not there, which is what the caller asks
    }
  },
  version,
  // A disk that sleeps needs some seconds to turn again, and one that others write to as many for each change.
  diskLimitMs: 60_000,
  webDir: join(root, 'web/dist'),
  // Beside the bundles; on macOS beside the embedded Node, because only programs there are signed.
  bundledValkey: [
    join(root, 'valkey/bin/valkey-server'),
    join(dirname(process.execPath), 'pidentify-valkey'),
  ].find((path) => existsSync(path)),
  scripts: {
    busServer: join(import.meta.dirname, `bus-server.${kind}`),
    migrate: join(root, `server/src/migrate.${kind}`),
    server: join(root, `server/src/main.${kind}`),
    recorder: join(root, `recorder/src/main.${kind}`),
  },
});
endProcess(ending);
