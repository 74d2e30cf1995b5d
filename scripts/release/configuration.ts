/** What only the release knows, laid over src-tauri/tauri.conf.json: the updater's key and address, signing. */
import { readPublicKey } from './minisign.ts';

type Environment = Record<string, string | undefined>;

/** Without them macOS runs the app only after a person has said so, and it has no updates. */
const appleNames = ['APPLE_CERTIFICATE', 'APPLE_CERTIFICATE_PASSWORD', 'APPLE_SIGNING_IDENTITY'];
const notaryNames = ['APPLE_API_ISSUER', 'APPLE_API_KEY', 'APPLE_API_KEY_BASE64'];
const updaterNames = ['UPDATER_PUBLIC_KEY', 'UPDATER_ENDPOINT', 'TAURI_SIGNING_PRIVATE_KEY'];

/** Whether macOS gets a Developer ID and a notary's ticket. Throws when some of its secrets are set and some not. */
export const signsForApple = (env: Environment) => allOrNone(env, [...appleNames, ...notaryNames]);

/** Whether updates are signed. Throws when some of their secrets are set and some not. */
export const signsUpdates = (env: Environment) => allOrNone(env, updaterNames);

/** In words. Throws when it is for the public and could never be updated. */
export function describeMeans(env: Environment, { published }: { published: boolean }): string {
  const updates = signsUpdates(env);
  if (published && !updates)
    throw new Error(`Nobody who installs it would ever be updated: ${updaterNames.join(', ')} are not set.`);
  const apple = signsForApple(env) ? 'Developer ID, notarised' : 'ad hoc: a person has to allow the app';
  return `Updates: ${updates ? 'signed' : 'none'}. macOS: ${apple}.`;
}

function allOrNone(env: Environment, names: string[]): boolean {
  const absent = names.filter((name) => !env[name]);
  if (absent.length > 0 && absent.length < names.length)
    throw new Error(`Some of the secrets are set, but not ${absent.join(', ')}.`);
  return absent.length === 0;
}

/** The configuration for `tauri build --config`. Throws when key or address cannot be used. */
export function releaseConfiguration(env: Environment): Record<string, unknown> {
  const updates = signsUpdates(env);
  return {
    ...(updates && { plugins: { updater: updaterConfiguration(env) } }),
    bundle: {
      createUpdaterArtifacts: updates,
      macOS: { signingIdentity: signsForApple(env) ? env.APPLE_SIGNING_IDENTITY : '-' },
    },
  };
}

function updaterConfiguration({
  UPDATER_PUBLIC_KEY: pubkey = '',
  UPDATER_ENDPOINT: endpoint = '',
}: Environment) {
  readPublicKey(pubkey);
  if (!/^https:\/\/[^\s]+\/latest\.json$/.test(endpoint))
    throw new Error(`UPDATER_ENDPOINT is ${endpoint}, not an https address of a latest.json.`);
  return { endpoints: [endpoint], pubkey };
}

/**
 * The environment of the build: a secret that is not set reaches a workflow as an empty text, which Tauri takes
 * for a certificate or a key.
 */
export function buildEnvironment(env: Environment): Environment {
  const names = [...appleNames, ...notaryNames, ...updaterNames, 'TAURI_SIGNING_RPM_KEY'];
  // The password of the updater's key may be empty.
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => value !== '' || !names.includes(name)),
  );
}
