/**
 * What the release workflow does, a command a step, so that each can be run and tested by hand:
 * `node scripts/bootstrap.mjs run scripts/release.ts COMMAND`. docs/releasing.md tells the order.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { appImageTools, provideTools } from './release/appimage-tools.ts';
import { build } from './release/build.ts';
import { checksums } from './release/checksums.ts';
import { collect } from './release/collect.ts';
import { describeMeans, signsForApple, signsUpdates } from './release/configuration.ts';
import { buildLatest, problemsOfLatest } from './release/latest.ts';
import { problemsOfApp } from './release/macos.ts';
import { readPublicKey } from './release/minisign.ts';
import { run } from './release/run.ts';
import { smoke } from './release/smoke.ts';
import { targetNamed } from './release/targets.ts';
import { buildValkey, valkeySource } from './release/valkey-source.ts';
import { agreedVersion, notesOf } from './release/version.ts';

const root = resolve(import.meta.dirname, '..');
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tag: { type: 'string' },
    target: { type: 'string' },
    bundle: { type: 'string' },
    sbom: { type: 'string' },
    dir: { type: 'string' },
    out: { type: 'string' },
    url: { type: 'string' },
    key: { type: 'string' },
    app: { type: 'string' },
    program: { type: 'string' },
    arg: { type: 'string', multiple: true },
    'start-seconds': { type: 'string' },
  },
});
type OptionName = Exclude<keyof typeof values, 'arg'>;

function given(name: OptionName): string {
  const value = values[name];
  if (!value) throw new Error(`--${name} is missing.`);
  return value;
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

const changelog = () => readFileSync(join(root, 'CHANGELOG.md'), 'utf8');

/** The address that the files of this version have once they are published. */
const release = () => {
  const version = agreedVersion({ root });
  return { folder: given('dir'), version, baseUrl: given('url') };
};

const commands: Record<string, () => void | Promise<void>> = {
  /** All versions agree, fit the tag, and the changelog tells of this one. */
  version: () => {
    const version = agreedVersion({ root, tag: values.tag });
    notesOf(version, changelog());
    say(version);
  },

  /** What is new, for the page of the release. */
  notes: () => say(notesOf(agreedVersion({ root }), changelog())),

  /** What the secrets of this repository allow, for the summary. */
  means: () => say(describeMeans(process.env, { published: values.tag !== undefined })),

  valkey: () => buildValkey({ source: valkeySource, out: given('out'), run }),

  'appimage-tools': () => provideTools(appImageTools(process.arch), join(homedir(), '.cache', 'tauri')),

  build: () => build({ root, env: process.env, platform: process.platform, run, say }),

  collect: () => {
    const target = targetNamed(given('target'));
    const version = agreedVersion({ root });
    const names = collect({
      target,
      version,
      bundle: given('bundle'),
      signed: signsUpdates(process.env),
      extra: [[given('sbom'), `Pidentify_${version}_${target.name}.cdx.json`]],
      out: given('out'),
    });
    say(names.join('\n'));
  },

  /** Writes latest.json into the folder of the release. */
  latest: () => {
    const parts = release();
    const latest = buildLatest({ ...parts, notes: notesOf(parts.version, changelog()), date: new Date() });
    writeFileSync(join(given('dir'), 'latest.json'), `${JSON.stringify(latest, null, 2)}\n`);
  },

  /** Every key of latest.json: there, the right address, the file, its signature. */
  verify: () => {
    const key = readPublicKey(
      values.key ? readFileSync(values.key, 'utf8') : (process.env.UPDATER_PUBLIC_KEY ?? ''),
    );
    const text = readFileSync(join(given('dir'), 'latest.json'), 'utf8');
    failOn(problemsOfLatest({ ...release(), text, key }));
    say('latest.json: every key leads to a file of this release, and every signature fits');
  },

  checksums: async () => writeFileSync(join(given('dir'), 'SHA256SUMS'), await checksums(given('dir'))),

  'check-app': () => {
    const notarised = signsForApple(process.env);
    failOn(problemsOfApp({ app: given('app'), notarised, run }));
    say(`${given('app')}: every program inside is signed${notarised ? ', and Apple has notarised it' : ''}`);
  },

  /** Starts an installed program, kills its window, and looks for what is left. */
  smoke: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pidentify-smoke-'));
    const ended = await smoke({
      program: given('program'),
      args: values.arg ?? [],
      folder,
      platform: process.platform,
      startMs: Number(values['start-seconds'] ?? 60) * 1_000,
    });
    say(`started; ${ended} processes ended with the window, none is left`);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  },
};

function failOn(problems: string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

try {
  const command = commands[positionals[0] ?? ''];
  if (!command) throw new Error(`Say which: ${Object.keys(commands).join(', ')}`);
  if (values.out) mkdirSync(dirname(values.out), { recursive: true });
  await command();
} catch (error) {
  process.stderr.write(`release: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
