import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildEnvironment, describeMeans, releaseConfiguration, signsForApple } from './configuration.ts';
import { importCertificate, signNested } from './macos.ts';
import type { Run } from './run.ts';

type Environment = Record<string, string | undefined>;

type BuildOptions = {
  root: string;
  env: Environment;
  platform: NodeJS.Platform;
  run: Run;
  say: (line: string) => void;
};

/**
 * Builds the packages of this system as `npm run build:native` does, with the updater's key and the signatures
 * that the secrets in `env` allow. Throws when a step fails.
 */
export function build(options: BuildOptions): void {
  const { root, env, platform, run, say } = options;
  say(describeMeans(env, { published: false }));
  const work = mkdtempSync(join(tmpdir(), 'pidentify-release-'));
  try {
    const configuration = join(work, 'tauri.release.conf.json');
    writeFileSync(configuration, JSON.stringify(releaseConfiguration(env)));
    const certified = platform === 'darwin' && signsForApple(env) ? certificates({ env, work, run }) : {};
    const environment = { ...buildEnvironment(env), ...certified, PIDENTIFY_TAURI_CONFIG: configuration };
    const step = (...names: string[]) => native({ root, env: environment, names });
    step('payload');
    if (platform === 'darwin') {
      const folder = join(root, 'src-tauri', 'resources');
      const entitlements = join(root, 'src-tauri', 'macos', 'entitlements.plist');
      const identity = signsForApple(env) ? (env.APPLE_SIGNING_IDENTITY ?? '-') : '-';
      const files = signNested({ folder, identity, entitlements, run });
      say(`signed by itself: ${files.join(', ') || 'nothing, no resource is a program'}`);
    }
    step('package');
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Certificate and notary key as files, and the environment that leads Tauri to them. */
function certificates({ env, work, run }: { env: Environment; work: string; run: Run }): Environment {
  const file = (name: string, base64: string | undefined) => {
    const path = join(work, name);
    writeFileSync(path, Buffer.from(base64 ?? '', 'base64'), { mode: 0o600 });
    return path;
  };
  importCertificate({
    certificate: file('certificate.p12', env.APPLE_CERTIFICATE),
    certificatePassword: env.APPLE_CERTIFICATE_PASSWORD ?? '',
    keychain: join(work, 'release.keychain-db'),
    keychainPassword: randomBytes(16).toString('hex'),
    run,
  });
  return {
    // It is in the keychain by now; Tauri would put it into a second one.
    APPLE_CERTIFICATE: undefined,
    APPLE_CERTIFICATE_PASSWORD: undefined,
    APPLE_API_KEY_BASE64: undefined,
    APPLE_API_KEY_PATH: file(`AuthKey_${env.APPLE_API_KEY}.p8`, env.APPLE_API_KEY_BASE64),
  };
}

function native({ root, env, names }: { root: string; env: Environment; names: string[] }): void {
  const args = [join(root, 'scripts', 'bootstrap.mjs'), 'native', ...names];
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
  if (status !== 0)
    throw new Error(`The build stopped at ${names.join(' ')}. ${error?.message ?? ''}`.trim());
}
