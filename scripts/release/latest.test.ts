import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildLatest, type Latest, problemsOfLatest } from './latest.ts';
import { readPublicKey, verifySignature } from './minisign.ts';
import { targets, updaterFiles } from './targets.ts';

const root = resolve(import.meta.dirname, '../..');
const version = '1.2.3';
const baseUrl = 'https://example.org/releases/download/v1.2.3';
const work = mkdtempSync(join(tmpdir(), 'pidentify-latest-'));
const folder = join(work, 'release');
const file = 'Pidentify_1.2.3_amd64.AppImage';

/** Tauri's own signer, as a build uses it. */
function signer(...args: string[]): void {
  const program = join(root, 'node_modules/@tauri-apps/cli/tauri.js');
  execFileSync(process.execPath, [program, 'signer', ...args], { cwd: work, stdio: 'pipe' });
}
const makeKey = (name: string) => signer('generate', '--ci', '--force', '-p', '', '-w', name);
const sign = (path: string, key = 'key', of = version) =>
  signer('sign', '-f', key, '-p', '', '--app-version', of, path);

let latest: Latest;
let text: string;
const problems = (changed: unknown) =>
  problemsOfLatest({
    folder,
    version,
    baseUrl,
    text: typeof changed === 'string' ? changed : JSON.stringify(changed),
    key: readPublicKey(readFileSync(join(work, 'key.pub'), 'utf8')),
  });
const changed = (key: string, change: Partial<Latest['platforms'][string]>) => ({
  ...latest,
  platforms: { ...latest.platforms, [key]: { ...latest.platforms[key], ...change } },
});

beforeAll(() => {
  mkdirSync(folder);
  makeKey('key');
  makeKey('other');
  for (const name of new Set(updaterFiles(version).values())) {
    writeFileSync(join(folder, name), `the bytes of ${name}`);
    sign(join(folder, name));
  }
  latest = buildLatest({ folder, version, baseUrl, notes: 'New.', date: new Date(0) });
  text = JSON.stringify(latest);
});
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('latest.json', () => {
  it('has a key for every way an installed Pidentify replaces itself', () => {
    expect(Object.keys(latest.platforms).sort()).toEqual([
      'darwin-aarch64',
      'darwin-aarch64-app',
      'darwin-x86_64',
      'darwin-x86_64-app',
      'linux-aarch64',
      'linux-aarch64-appimage',
      'linux-x86_64',
      'linux-x86_64-appimage',
      'windows-x86_64',
      'windows-x86_64-msi',
      'windows-x86_64-nsis',
    ]);
    expect(problems(text)).toEqual([]);
  });

  it.each([...updaterFiles(version).keys()])('is refused when %s is missing', (key) => {
    const { [key]: _, ...platforms } = latest.platforms;
    expect(problems({ ...latest, platforms })).toEqual([`${key}: is missing`]);
  });

  it.each([...updaterFiles(version).keys()])('is refused when %s leads somewhere else', (key) => {
    const url = 'https://example.org/releases/download/v1.2.2/old';
    expect(problems(changed(key, { url }))).toEqual([
      `${key}: leads to ${url}, not to ${latest.platforms[key].url}`,
    ]);
  });

  it.each([...updaterFiles(version)])('is refused when %s has the signature of another file', (key, name) => {
    const stranger = Object.values(latest.platforms).find(
      ({ signature }) => signature !== latest.platforms[key].signature,
    );
    expect(problems(changed(key, { signature: stranger?.signature }))).toEqual([
      `${key}: the signature of ${name} cannot be used: it is not of this file`,
    ]);
  });

  it('is refused with a key that nobody asks for, another version, or text that is no JSON', () => {
    const misspelt = { ...latest.platforms, 'linux-amd64': latest.platforms['linux-x86_64'] };
    expect(problems({ ...latest, platforms: misspelt })).toEqual(['linux-amd64: nobody asks for this key']);
    expect(problems({ ...latest, version: '1.2.2' })).toEqual(['version is 1.2.2, not 1.2.3']);
    expect(problems('<html>')).toEqual([expect.stringContaining('latest.json: ')]);
    expect(problems({ ...latest, pub_date: 'today' })[0]).toContain('pub_date');
  });

  it('is refused when a signature is of another key or another version', () => {
    const path = join(folder, file);
    sign(path, 'other');
    const strange = readFileSync(`${path}.sig`, 'utf8');
    expect(problems(changed('linux-x86_64', { signature: strange }))).toEqual([
      expect.stringMatching(/^linux-x86_64: the signature of .* cannot be used: it was made with the key /),
    ]);
    sign(path, 'key', '1.2.2');
    const older = readFileSync(`${path}.sig`, 'utf8');
    expect(problems(changed('linux-x86_64', { signature: older }))).toEqual([
      'linux-x86_64: the signature is for version 1.2.2',
    ]);
    sign(path);
  });

  it('is refused when the file was changed after it was signed, or is not there', () => {
    const path = join(folder, file);
    const bytes = readFileSync(path);
    writeFileSync(path, 'other bytes');
    expect(problems(text)).toHaveLength(2);
    rmSync(path);
    expect(problems(text)).toContain(`linux-x86_64: ${file} is not part of the release`);
    expect(() => buildLatest({ folder, version, baseUrl, notes: '', date: new Date(0) })).toThrow(
      `${file} (linux-x86_64), which is not there`,
    );
    writeFileSync(path, bytes);
    expect(problems(text)).toEqual([]);
  });
});

describe('a signature', () => {
  const key = () => readPublicKey(readFileSync(join(work, 'key.pub'), 'utf8'));
  const bytes = () => readFileSync(join(folder, file));
  const lines = () =>
    Buffer.from(latest.platforms['linux-x86_64'].signature, 'base64').toString().split('\n');
  const verify = (parts: string[]) =>
    verifySignature({ key: key(), bytes: bytes(), text: Buffer.from(parts.join('\n')).toString('base64') });

  it('says for which file and version it is', () => {
    expect(verify(lines())).toEqual({ file, version });
  });

  it('is refused when its trusted comment was changed', () => {
    const forged = lines().with(2, lines()[2].replace('version:1.2.3', 'version:1.2.4'));
    expect(() => verify(forged)).toThrow('its trusted comment was changed');
  });

  it('is refused when it is something else', () => {
    expect(() => verify(['hello'])).toThrow('not a signature');
    expect(() => verify(lines().with(1, 'AAAA'))).toThrow('it is not a signature');
    expect(() => readPublicKey('hello')).toThrow('not a public key');
    expect(() => readPublicKey(Buffer.from('untrusted comment: x\nAAAA').toString('base64'))).toThrow(
      'not the public key',
    );
  });
});

it('no two files of a release have one name', () => {
  const names = targets.flatMap(({ artefacts }) => artefacts(version).map(({ released }) => released));
  expect(new Set(names).size).toBe(names.length);
  expect(names).toHaveLength(12);
});
