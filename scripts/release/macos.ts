/**
 * Signing on macOS. Tauri signs the app and the programs beside it, but not what lies in its resources
 * (tauri-bundler, src/bundle/macos/app.rs), and Apple notarises nothing that holds an unsigned program.
 */
import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { must, type Run } from './run.ts';

/** First bytes of a Mach-O file: 32 and 64 bits, both byte orders (mach-o/loader.h). */
const thin = ['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe'];
/** Of one with several architectures (mach-o/fat.h); a Java class begins like the first. */
const fat = ['cafebabe', 'cafebabf'];

/** Paths of the programs and libraries below a folder, the deepest first: what holds others is signed last. */
export function machOFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(isMachO)
    .sort((a, b) => b.split('/').length - a.split('/').length || a.localeCompare(b, 'en'));
}

function isMachO(path: string): boolean {
  const head = Buffer.alloc(8);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, head, 0, 8, 0) < 8) return false;
  } finally {
    closeSync(file);
  }
  const magic = head.toString('hex', 0, 4);
  // A fat file names how many it holds; a Java class has its version there, which is 45 at least.
  return thin.includes(magic) || (fat.includes(magic) && head.readUInt32BE(4) < 30);
}

/** Signs every program below a folder; returns their paths. `-` is the identity of nobody. Throws when one fails. */
export function signNested(options: {
  folder: string;
  identity: string;
  entitlements: string;
  run: Run;
}): string[] {
  const { folder, identity, entitlements, run } = options;
  const files = machOFiles(folder);
  const timestamp = identity === '-' ? '--timestamp=none' : '--timestamp';
  for (const file of files) {
    const how = ['--force', '--options', 'runtime', timestamp, '--entitlements', entitlements];
    must(run, 'codesign', [...how, '--sign', identity, file]);
  }
  return files;
}

/**
 * What is wrong with the signatures of an app: every program inside is verified by itself, has the hardened
 * runtime and the app's own team. With `notarised` Apple's ticket has to be stapled to it.
 */
export function problemsOfApp(options: { app: string; notarised: boolean; run: Run }): string[] {
  const { app, notarised, run } = options;
  const files = machOFiles(app);
  if (files.length === 0) return [`${app} holds no program`];
  const team = teamOf(run('codesign', ['--display', '--verbose=4', app]).output);
  const problems = files.flatMap((file) => {
    const verified = run('codesign', ['--verify', '--strict', file]);
    if (!verified.ok) return [`${file}: ${verified.output.trim()}`];
    const shown = run('codesign', ['--display', '--verbose=4', file]).output;
    const hardened = /flags=0x[0-9a-f]+\([^)]*\bruntime\b[^)]*\)/.test(shown);
    return [
      ...(hardened ? [] : [`${file}: without the hardened runtime`]),
      ...(teamOf(shown) === team ? [] : [`${file}: signed by ${teamOf(shown)}, the app by ${team}`]),
    ];
  });
  const whole = run('codesign', ['--verify', '--deep', '--strict', app]);
  if (!whole.ok) problems.push(`${app}: ${whole.output.trim()}`);
  if (!notarised) return problems;
  for (const [command, ...args] of [
    ['xcrun', 'stapler', 'validate', app],
    ['spctl', '--assess', '--type', 'execute', app],
  ]) {
    const { ok, output } = run(command, args);
    if (!ok) problems.push(`${command}: ${output.trim()}`);
  }
  return problems;
}

const teamOf = (shown: string) => /^TeamIdentifier=(.*)$/m.exec(shown)?.[1] ?? 'nobody';

/** Puts the certificate into a keychain of its own, where codesign and Tauri find it by name. */
export function importCertificate(options: {
  /** A .p12 file. */
  certificate: string;
  certificatePassword: string;
  keychain: string;
  keychainPassword: string;
  run: Run;
}): void {
  const { certificate, certificatePassword, keychain, keychainPassword: password, run } = options;
  const security = (...args: string[]) => must(run, 'security', args);
  security('create-keychain', '-p', password, keychain);
  // Locked again after six hours, not after five minutes in the middle of a build.
  security('set-keychain-settings', '-lut', '21600', keychain);
  security('unlock-keychain', '-p', password, keychain);
  const tools = ['-T', '/usr/bin/codesign', '-T', '/usr/bin/security'];
  security('import', certificate, '-k', keychain, '-P', certificatePassword, '-f', 'pkcs12', ...tools);
  security('set-key-partition-list', '-S', 'apple-tool:,apple:,codesign:', '-s', '-k', password, keychain);
  const known = security('list-keychains', '-d', 'user')
    .split('\n')
    .map((line) => line.trim().replaceAll('"', ''))
    .filter((line) => line !== '');
  security('list-keychains', '-d', 'user', '-s', keychain, ...known);
}
