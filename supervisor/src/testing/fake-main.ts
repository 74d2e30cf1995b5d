import { homedir } from 'node:os';
import { join } from 'node:path';
import { hostPlatform } from '@pidentify/platform';
import { supervise } from '../supervise.ts';

/** The real supervisor with services that do nothing. */
const here = import.meta.dirname;
process.exitCode = await supervise({
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
  scripts: {
    busServer: join(here, '../bus-server.ts'),
    migrate: join(here, 'fake-migrate.ts'),
    server: join(here, 'fake-server.ts'),
    recorder: join(here, 'fake-recorder.ts'),
  },
});
process.exit();
