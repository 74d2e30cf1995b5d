import { startRespServer } from '@pidentify/bus';
import { createLog, runService } from '@pidentify/platform';

/** The built-in bus server as a process, where no Valkey can be had. */
const { REDIS_HOST = '127.0.0.1', REDIS_PORT = '0', REDIS_USERNAME = '', REDIS_PASSWORD = '' } = process.env;
let close: () => Promise<void> = async () => undefined;

runService({
  log: createLog({ service: 'valkey', level: 'info' }),
  start: async () => {
    const access = { username: REDIS_USERNAME, password: REDIS_PASSWORD };
    const server = await startRespServer({ host: REDIS_HOST, port: Number(REDIS_PORT), ...access });
    close = server.close;
    return { port: server.port };
  },
  stop: () => close(),
});
