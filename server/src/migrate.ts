import { fileURLToPath } from 'node:url';
import { type ServiceReport, serviceEnvironmentSchema, toPidentifyError } from '@pidentify/contracts';
import { migrateDatabase } from './database/migrate.ts';
import { sqlitePath } from './database/open.ts';

/** Runs once before the server: brings the database up to date, says how it went, and ends. */
try {
  const { DB_URL } = serviceEnvironmentSchema.parse(process.env);
  const folder = fileURLToPath(new URL('../migrations/sqlite/', import.meta.url));
  const { from, to, backup } = migrateDatabase({ path: sqlitePath(DB_URL), folder });
  if (from !== to) {
    process.stdout.write(
      `database: from version ${from} to ${to}${backup ? `, copy kept as ${backup}` : ''}\n`,
    );
  }
  report({ report: 'ready' });
} catch (error) {
  const { code, message } = toPidentifyError(error);
  process.stderr.write(`database: ${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
  report({ report: 'failed', code, message });
}

function report(outcome: ServiceReport): void {
  process.send?.(outcome, () => process.disconnect?.());
}
