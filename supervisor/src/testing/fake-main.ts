import { homedir } from 'node:os';
import { join } from 'node:path';
import { hostPlatform } from '@pidentify/platform';
import { endProcess } from '../end-process.ts';
import { supervise } from '../supervise.ts';

/** The real supervisor with services that do nothing. */
const here = import.meta.dirname;
const ending = await supervise({
  args: process.argv.slice(2),
  env: process.env,
  platform: hostPlatform(),
  home: homedir(),
  cwd: process.cwd(),
  stdin: process.stdin,
  out: (line) => void process.stdout.write(line),
  err: (line) => void process.stderr.write(line),
  readText: () => null,
  version: '0.0.0-test',
  diskLimitMs: 1_500,
  scripts: {
    busServer: join(here, '../bus-server.ts'),
    migrate: join(here, 'fake-migrate.ts'),
    server: join(here, 'fake-server.ts'),
    recorder: join(here, 'fake-recorder.ts'),
  },
});
endProcess(ending);
