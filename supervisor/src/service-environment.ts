import { join } from 'node:path';
import { PidentifyError, serviceEnvironmentSchema } from '@pidentify/contracts';
import type { Environment, Folders } from '@pidentify/platform';
import { type BusAccess, redisVariables } from './message-bus.ts';

export type ServiceFacts = {
  env: Environment;
  folders: Folders;
  access: BusAccess;
  input?: string;
  webDir?: string;
  token: string;
  version: string;
};

/**
 * Environment of every service: ours, with what the services have to know. Throws option_invalid when a
 * variable that came from outside cannot be used.
 */
export function serviceEnvironment(facts: ServiceFacts): Record<string, string | undefined> {
  const { env, folders, access, input, webDir, token, version } = facts;
  const variables = {
    ...env,
    ...redisVariables(access),
    APPDATA_DIR: folders.data,
    MUSIC_LIBRARY_DIR: folders.music,
    DB_URL: env.DB_URL || `sqlite:///${join(folders.data, 'database.db')}`,
    PIDENTIFY_INPUT: input ?? env.PIDENTIFY_INPUT,
    PIDENTIFY_WEB_DIR: env.PIDENTIFY_WEB_DIR || webDir,
    PIDENTIFY_TOKEN: token,
    PIDENTIFY_CACHE_DIR: folders.cache,
    // Saves about a tenth of a second at each start.
    NODE_COMPILE_CACHE: join(folders.cache, 'compiled', version),
  };
  const parsed = serviceEnvironmentSchema.safeParse(variables);
  if (parsed.success) return variables;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new PidentifyError('option_invalid', `In the environment: ${problems.join('; ')}`);
}
