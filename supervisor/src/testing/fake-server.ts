import { once } from 'node:events';
import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { connectBus } from '@pidentify/bus';
import { type ServiceHealth, type ServiceName, serviceEnvironmentSchema } from '@pidentify/contracts';
import { createLog, runService } from '@pidentify/platform';

/**
 * Stands in for the API: answers /api/config, and tells what it hears; FAKE_SERVER: `fails`, is `late`
 * for its port, `loses` it when it starts for the second time, or `hangs` at the end.
 */
const environment = serviceEnvironmentSchema.parse(process.env);
const log = createLog({ service: 'server', level: 'info' });
const bus = connectBus({
  host: environment.REDIS_HOST,
  port: environment.REDIS_PORT,
  username: environment.REDIS_USERNAME,
  password: environment.REDIS_PASSWORD,
  service: 'server',
  log,
});
let services: ServiceHealth[] = [];
let heardTimes = 0;
bus.subscribe('supervisor.services', (heard) => {
  services = heard;
  heardTimes += 1;
});
bus.onConnection(async (state) => {
  if (state !== 'connected') return;
  const before = heardTimes;
  const kept = await bus.getValue('supervisor.services');
  // What was heard meanwhile is newer.
  if (before === heardTimes) services = kept ?? services;
});

const server = createServer(async (request, response) => {
  const [, what, name] = request.url?.split('/') ?? [];
  if (what === 'restart') {
    const question = { service: name as ServiceName };
    const answer = await bus
      .ask('supervisor.restart', question, { timeoutMs: 8_000 })
      .catch((error) => error.code);
    response.end(JSON.stringify(answer));
  } else response.end(JSON.stringify({ bus: bus.state, services, pid: process.pid }));
});

runService({
  log,
  start: async () => {
    if (process.env.FAKE_SERVER === 'fails') {
      throw Object.assign(new Error('The database is broken.'), { code: 'service_failed' });
    }
    const starts = join(environment.APPDATA_DIR, 'starts.txt');
    appendFileSync(starts, '.');
    const losesIt = process.env.FAKE_SERVER === 'loses' && readFileSync(starts, 'utf8').length === 2;
    if (losesIt) throw Object.assign(new Error('Taken.'), { code: 'port_taken' });
    if (process.env.FAKE_SERVER === 'late' && environment.PIDENTIFY_PORT !== 0) {
      throw Object.assign(new Error('Taken.'), { code: 'port_taken' });
    }
    server.listen(environment.PIDENTIFY_PORT, '127.0.0.1');
    await once(server, 'listening');
    return { port: (server.address() as { port: number }).port };
  },
  stop: async () => {
    appendFileSync(join(environment.APPDATA_DIR, 'order.txt'), 'server\n');
    bus.close();
    if (process.env.FAKE_SERVER === 'hangs') await new Promise(() => undefined);
    server.close();
    server.closeAllConnections();
  },
});
