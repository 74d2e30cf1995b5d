import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceEnvironmentSchema } from '@pidentify/contracts';
import { type Dockerfile, DockerfileParser } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { projectFiles, read } from './tree.ts';

type Compose = { services: { pidentify: { environment: Record<string, string> } } };

const text = read('Dockerfile');
const lines = (dockerfile: Dockerfile, keyword: string) =>
  dockerfile
    .getInstructions()
    .filter((instruction) => instruction.getKeyword() === keyword)
    .map((instruction) => instruction.getRawArgumentsContent() ?? '');

/** What is wrong with a Dockerfile, a sentence each. */
function problemsOf(source: string): string[] {
  const dockerfile = DockerfileParser.parse(source);
  const stages = dockerfile.getFROMs().map((from) => from.getImage() ?? '');
  const scripts = lines(dockerfile, 'RUN');
  const users = lines(dockerfile, 'USER');
  return [
    ...validate(source).map(({ message }) => String(message)),
    ...stages
      .filter((image) => !/:[\w.-]+@sha256:[0-9a-f]{64}$/.test(image))
      .map((image) => `${image}: no digest`),
    ...scripts.flatMap((script) => {
      const { stdout } = spawnSync('shellcheck', ['--shell=sh', '-'], {
        input: `#!/bin/sh\n${script}`,
        encoding: 'utf8',
      });
      return stdout === '' ? [] : [stdout];
    }),
    ...scripts
      .filter((script) => /apt-get install/.test(script))
      .filter(
        (script) =>
          !/--yes --no-install-recommends/.test(script) || !/rm -rf \/var\/lib\/apt\/lists/.test(script),
      )
      .map((script) => `${script}: asks, takes more than it says, or leaves apt's lists`),
    ...(/^[1-9]\d*(:\d+)?$/.test(users.at(-1) ?? '')
      ? []
      : ['it runs as root, or as a name that an engine cannot check']),
    ...(lines(dockerfile, 'HEALTHCHECK').length === 1 ? [] : ['there is no health check']),
    ...(lines(dockerfile, 'ADD').length === 0 ? [] : ['ADD fetches and unpacks by itself: COPY']),
  ];
}

describe('the Dockerfile', () => {
  it('has nothing that a linter objects to', () => {
    expect(problemsOf(text)).toEqual([]);
  });

  it.each([
    [/@sha256:[0-9a-f]{64} AS build/, ' AS build', 'no digest'],
    [/^USER .*$/m, '', 'it runs as root'],
    [/^USER .*$/m, 'USER root', 'it runs as root'],
    [/^HEALTHCHECK[\s\S]*?CMD.*$/m, '', 'there is no health check'],
    [/^COPY \. \.$/m, 'COPPY . .', 'Unknown instruction: COPPY'],
    [/^COPY \. \.$/m, 'ADD https://example.org/x .', 'ADD fetches'],
    [/ --no-install-recommends/, '', 'takes more than it says'],
    [/ln -s/, 'cd /x; ln -s $1', 'SC2086'],
  ])('a mistake in it would be found: %s', (part, change, message) => {
    expect(text).toMatch(part);
    expect(problemsOf(text.replace(part, change)).join('\n')).toContain(message);
  });

  it('begins from the images that the workflows build and try in', () => {
    const image = /[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}/g;
    const workflows = projectFiles().filter((path) => path.startsWith('.github/workflows/'));
    const named = workflows.flatMap((path) => read(path).match(image) ?? []);
    expect([...new Set(named)].filter((name) => !text.includes(name))).toEqual([]);
    expect(named.length).toBeGreaterThan(2);
  });
});

it('compose.yaml sets only what the services read', () => {
  const { environment } = (parse(read('compose.yaml')) as Compose).services.pidentify;
  const known = Object.keys(serviceEnvironmentSchema.shape);
  expect(Object.keys(environment).filter((name) => !known.includes(name))).toEqual([]);
});

describe('the unit for systemd', () => {
  /** What systemd says of it, with a program in place of the one that is not installed here. */
  function verify(unit: string): string {
    const folder = mkdtempSync(join(tmpdir(), 'pidentify-unit-'));
    const path = join(folder, 'pidentify.service');
    try {
      writeFileSync(path, unit.replace('ExecStart=/usr/bin/pidentify-node', `ExecStart=${process.execPath}`));
      const { status, stderr, error } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
        encoding: 'utf8',
      });
      if (error) throw error;
      return status === 0 ? stderr : `status ${status}: ${stderr}`;
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  const unit = read('deploy/pidentify.service');

  it('is one that systemd takes', () => {
    expect(verify(unit)).toBe('');
  });

  it.each([
    ['KillMode=mixed', 'KillMode=some'],
    ['ProtectHome=', 'ProtectHouse='],
    [/^ExecStart=.*$/m, 'ExecStart=/nonexistent/node'],
  ])('a mistake in it would be found: %s', (part, change) => {
    expect(verify(unit.replace(part, change))).not.toBe('');
  });

  it('starts what the package installs', () => {
    expect(unit).toContain('/usr/lib/Pidentify/services/supervisor/src/main.js --headless');
  });
});
