import { readFileSync } from 'node:fs';
import { parseConfig, serviceEnvironmentSchema } from '@pidentify/contracts';
import { createLog, readConfigFile, runService, writeConfigFile } from '@pidentify/platform';
import { z } from 'zod';
import { type RunningServer, startServer } from './server.ts';

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')));
const log = createLog({ service: 'server', level: 'info' });
let server: RunningServer | undefined;

runService({
  log,
  async start() {
    const environment = serviceEnvironmentSchema.parse(process.env);
    const dir = environment.APPDATA_DIR;
    server = await startServer({
      environment,
      version,
      pid: process.pid,
      configFile: {
        read: () => readConfigFile({ dir, parse: parseConfig }),
        write: (config) => writeConfigFile({ dir, config, parse: parseConfig }),
      },
    });
    return { port: server.port };
  },
  stop: async () => server?.stop(),
});
