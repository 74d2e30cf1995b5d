/**
 * `npm test`: format, lint, types, repo rules, unit, integration and end-to-end tests, one after another. Goes on
 * after a failure, so that one run tells everything; the last line is `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const modules = join(root, 'node_modules');
const reports = mkdtempSync(join(tmpdir(), 'pidentify-test-'));

type Count = { passed: number; failed: number };
type Step = { name: string; run(): Count };

function execute(program: string, args: string[], env = process.env): boolean {
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', env });
  if (result.error) process.stdout.write(`${program}: ${result.error.message}\n`);
  return result.status === 0;
}

const node = (args: string[]) => execute(process.execPath, args);
const check = (passed: boolean): Count => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1 });

/** Counts the tests of a vitest run. A skipped test counts as failed: nothing is left out silently. */
function vitest(config: string): Count {
  const report = join(reports, `${config}.json`);
  const passedAll = node([
    join(modules, 'vitest/vitest.mjs'),
    'run',
    `--config=${config}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  try {
    const { numPassedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
    const failed = numTotalTests - numPassedTests;
    return { passed: numPassedTests, failed: failed === 0 && !passedAll ? 1 : failed };
  } catch (error) {
    process.stdout.write(`no report of ${config}: ${error}\n`);
    return { passed: 0, failed: 1 };
  }
}

/** Cargo on the Rust sources, compiled into a folder outside the clone. */
const cargoFolder = () =>
  process.env.CARGO_TARGET_DIR ??
  join(process.env.PIDENTIFY_CACHE_DIR ?? join(root, '.tools'), 'cargo-target');
const manifests = ['src-tauri/Cargo.toml', 'capture-helper/Cargo.toml'];
function cargo(args: string[]): boolean {
  const [command, ...rest] = args;
  // Every one, also after a failure.
  return manifests.map((manifest) => cargoIn(manifest, command, rest)).every((passed) => passed);
}
function cargoIn(manifest: string, command: string, rest: string[]): boolean {
  return execute('cargo', [command, '--manifest-path', manifest, ...rest], {
    ...process.env,
    CARGO_TARGET_DIR: cargoFolder(),
  });
}
const locked = ['--locked', '--workspace', '--all-targets', '--release'];

/** Counts the tests that Cargo ran, of every program it made. */
function cargoTest(args: string[]): Count {
  const counts = manifests.map((manifest) => cargoTestIn(manifest, args));
  const sum = (kind: keyof Count) => counts.reduce((total, count) => total + count[kind], 0);
  return { passed: sum('passed'), failed: sum('failed') };
}
function cargoTestIn(manifest: string, args: string[]): Count {
  const { status, stdout, stderr } = spawnSync(
    'cargo',
    ['test', '--manifest-path', manifest, '--locked', ...args],
    { cwd: root, encoding: 'utf8', env: { ...process.env, CARGO_TARGET_DIR: cargoFolder() } },
  );
  process.stdout.write(`${stdout}${stderr}`);
  const results = [
    ...`${stdout}`.matchAll(/^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm),
  ];
  const sum = (column: number) => results.reduce((total, found) => total + Number(found[column]), 0);
  const failed = sum(2) + sum(3);
  return { passed: sum(1), failed: failed === 0 && status !== 0 ? 1 : failed };
}

const tsc = join(modules, 'typescript/bin/tsc');
const steps: Step[] = [
  {
    name: 'format and lint',
    run: () => check(node([join(modules, '@biomejs/biome/bin/biome'), 'ci', '--error-on-warnings'])),
  },
  { name: 'types', run: () => check(node([tsc, '-p', '.'])) },
  { name: 'types of the web client', run: () => check(node([tsc, '-p', 'web'])) },
  { name: 'nothing unused', run: () => check(node([join(modules, 'knip/bin/knip.js'), '--no-progress'])) },
  { name: 'unit and integration tests, repo rules', run: () => vitest('vitest.config.ts') },
  { name: 'end-to-end tests', run: () => vitest('vitest.e2e.config.ts') },
  { name: 'end-to-end tests with minutes of music', run: () => vitest('vitest.patient.config.ts') },
  { name: 'format of the Rust parts', run: () => check(cargo(['fmt', '--all', '--check'])) },
  { name: 'lint of the Rust parts', run: () => check(cargo(['clippy', ...locked, '--', '-D', 'warnings'])) },
  { name: 'unit tests of the Rust parts', run: () => cargoTest(['--workspace', '--release']) },
  { name: 'the packages and the window, driven', run: () => vitest('vitest.native.config.ts') },
];

const total: Count = { passed: 0, failed: 0 };
const failures: string[] = [];
for (const { name, run } of steps) {
  process.stdout.write(`\n== ${name}\n`);
  const began = performance.now();
  const { passed, failed } = run();
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) failures.push(name);
  process.stdout.write(
    `== ${name}: ${passed} passed, ${failed} failed, ${Math.round((performance.now() - began) / 1000)} s\n`,
  );
}
rmSync(reports, { recursive: true, force: true });
if (failures.length > 0) process.stdout.write(`\nfailed: ${failures.join('; ')}\n`);
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed > 0 ? 1 : 0);
