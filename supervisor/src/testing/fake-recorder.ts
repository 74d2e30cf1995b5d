import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { serviceEnvironmentSchema } from '@pidentify/contracts';
import { createLog, runService } from '@pidentify/platform';

/** Stands in for the recorder; FAKE_RECORDER: `dies` before it is ready, or `hangs` when it is to stop. */
const environment = serviceEnvironmentSchema.parse(process.env);
const behaviour = process.env.FAKE_RECORDER;
const alive = setInterval(() => undefined, 60_000);

runService({
  log: createLog({ service: 'recorder', level: 'info' }),
  start: async () => {
    if (behaviour === 'dies') process.exit(7);
    return undefined;
  },
  stop: async () => {
    if (behaviour === 'hangs') await new Promise(() => undefined);
    appendFileSync(join(environment.APPDATA_DIR, 'order.txt'), 'recorder\n');
    clearInterval(alive);
  },
});
