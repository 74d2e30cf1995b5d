import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checksums } from './checksums.ts';
import { collect } from './collect.ts';
import { buildEnvironment, describeMeans, releaseConfiguration } from './configuration.ts';
import { targetNamed } from './targets.ts';
import { agreedVersion, notesOf } from './version.ts';

const root = resolve(import.meta.dirname, '../..');
let work: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'pidentify-release-'));
});
afterEach(() => rmSync(work, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  writeFileSync(join(work, path), text);
}

describe('the version of a release', () => {
  const sources = () => {
    for (const path of ['package.json', 'src-tauri/Cargo.toml', 'src-tauri/Cargo.lock'])
      cpSync(join(root, path), join(work, path));
  };
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

  it('is one in all manifests of this repository', () => {
    expect(agreedVersion({ root, tag: `v${version}` })).toBe(version);
  });

  it('is refused when the tag is another one', () => {
    expect(() => agreedVersion({ root, tag: 'v9.9.9' })).toThrow(
      `package.json says ${version}, but the tag is v9.9.9.`,
    );
  });

  it.each(['src-tauri/Cargo.toml', 'src-tauri/Cargo.lock'])('is refused when %s has another', (path) => {
    sources();
    const text = readFileSync(join(work, path), 'utf8');
    const ours = new RegExp(`(\\[workspace\\.package\\]|name = "pidentify")\nversion = "${version}"`);
    write(path, text.replace(ours, '$1\nversion = "9.9.9"'));
    expect(() => agreedVersion({ root: work })).toThrow(`but ${path} says 9.9.9.`);
    write(path, '');
    expect(() => agreedVersion({ root: work })).toThrow(`but ${path} says nothing.`);
  });

  it.each(['1.2.3-beta.1', '256.0.0', '1.2', '1.2.65536'])(
    'is refused when Windows Installer does not take it: %s',
    (odd) => {
      write('package.json', JSON.stringify({ version: odd }));
      expect(() => agreedVersion({ root: work })).toThrow(`${odd} is not a version`);
    },
  );
});

describe('the notes of a release', () => {
  const changelog =
    '# Changelog\n\n## 1.10.0, soon\n\nNothing yet.\n\n## 1.1.0\n\n- New.\n- Better.\n\n## 1.0.0\n';

  it('are what the changelog says of this version alone', () => {
    expect(notesOf('1.1.0', changelog)).toBe('- New.\n- Better.');
    expect(notesOf('1.10.0', changelog)).toBe('Nothing yet.');
  });

  it.each(['1.0.0', '1.1', '2.0.0'])('are refused when it says nothing of %s', (silent) => {
    expect(() => notesOf(silent, changelog)).toThrow(`CHANGELOG.md says nothing of ${silent}.`);
  });
});

describe('what the secrets allow', () => {
  const pair = () => {
    const cli = join(root, 'node_modules/@tauri-apps/cli/tauri.js');
    const args = ['signer', 'generate', '--ci', '-p', '', '-w', join(work, 'key')];
    execFileSync(process.execPath, [cli, ...args], { stdio: 'pipe' });
    return {
      UPDATER_PUBLIC_KEY: readFileSync(join(work, 'key.pub'), 'utf8'),
      TAURI_SIGNING_PRIVATE_KEY: readFileSync(join(work, 'key'), 'utf8'),
      UPDATER_ENDPOINT: 'https://example.org/pidentify/latest.json',
    };
  };
  const apple = {
    APPLE_CERTIFICATE: 'x',
    APPLE_CERTIFICATE_PASSWORD: 'x',
    APPLE_SIGNING_IDENTITY: 'Developer ID Application: A Person (TEAM)',
    APPLE_API_ISSUER: 'x',
    APPLE_API_KEY: 'x',
    APPLE_API_KEY_BASE64: 'x',
  };

  const means = (env: Record<string, string>) => describeMeans(env, { published: false });

  it('is a build without updates, signed by nobody, when there are none', () => {
    const none = { UPDATER_PUBLIC_KEY: '', APPLE_CERTIFICATE: '' };
    expect(means(none)).toBe('Updates: none. macOS: ad hoc: a person has to allow the app.');
    expect(releaseConfiguration(none)).toEqual({
      bundle: { createUpdaterArtifacts: false, macOS: { signingIdentity: '-' } },
    });
  });

  it('is signed updates from the address, and the name of the certificate', () => {
    const env = { ...pair(), ...apple };
    expect(means(env)).toBe('Updates: signed. macOS: Developer ID, notarised.');
    expect(releaseConfiguration(env)).toEqual({
      plugins: { updater: { endpoints: [env.UPDATER_ENDPOINT], pubkey: env.UPDATER_PUBLIC_KEY } },
      bundle: {
        createUpdaterArtifacts: true,
        macOS: { signingIdentity: apple.APPLE_SIGNING_IDENTITY },
      },
    });
  });

  it.each([
    [{ APPLE_CERTIFICATE: 'x', APPLE_API_KEY: 'x' }, 'APPLE_CERTIFICATE_PASSWORD'],
    [{ UPDATER_PUBLIC_KEY: 'x' }, 'UPDATER_ENDPOINT, TAURI_SIGNING_PRIVATE_KEY'],
  ])('is a mistake when a part of a set lacks: %j', (env, missing) => {
    expect(() => means(env)).toThrow(missing);
  });

  it('is not enough for the public when nobody could ever be updated', () => {
    expect(() => describeMeans({}, { published: true })).toThrow('would ever be updated');
    expect(describeMeans(pair(), { published: true })).toContain('Updates: signed.');
  });

  it('is a mistake when key or address cannot be used', () => {
    const env = pair();
    expect(() => releaseConfiguration({ ...env, UPDATER_PUBLIC_KEY: 'hello' })).toThrow('public key');
    expect(() =>
      releaseConfiguration({ ...env, UPDATER_ENDPOINT: 'http://example.org/latest.json' }),
    ).toThrow('not an https address');
  });

  it('takes empty secrets out of the build’s environment, and nothing else', () => {
    const env = { PATH: '/bin', EMPTY: '', APPLE_CERTIFICATE: '', TAURI_SIGNING_PRIVATE_KEY: 'key' };
    expect(buildEnvironment(env)).toEqual({ PATH: '/bin', EMPTY: '', TAURI_SIGNING_PRIVATE_KEY: 'key' });
  });
});

describe('the files of a release', () => {
  const build = (signed: boolean, left: string[]) => {
    for (const name of left) write(`bundle/${name}`, name);
    write('sbom.json', '{}');
    return collect({
      target: targetNamed('macos-arm64'),
      version: '1.2.3',
      bundle: join(work, 'bundle'),
      signed,
      extra: [[join(work, 'sbom.json'), 'Pidentify_1.2.3_macos-arm64.cdx.json']],
      out: join(work, 'out'),
    });
  };
  const dmg = 'dmg/Pidentify_1.2.3_aarch64.dmg';
  const archive = 'macos/Pidentify.app.tar.gz';

  it('have names that tell version and architecture', () => {
    const names = build(true, [dmg, archive, `${archive}.sig`]);
    expect(readdirSync(join(work, 'out')).sort()).toEqual([...names].sort());
    expect(names).toEqual([
      'Pidentify_1.2.3_aarch64.dmg',
      'Pidentify_1.2.3_aarch64.app.tar.gz',
      'Pidentify_1.2.3_aarch64.app.tar.gz.sig',
      'Pidentify_1.2.3_macos-arm64.cdx.json',
    ]);
  });

  it('are all there, or none is taken', () => {
    expect(() => build(true, [dmg, archive])).toThrow(`${archive}.sig`);
    expect(readdirSync(work)).not.toContain('out');
    expect(() => targetNamed('amiga')).toThrow('There is no target amiga: macos-arm64');
  });

  it('have no archive for the updater when nothing is signed', () => {
    expect(build(false, [dmg])).toHaveLength(2);
  });

  it('have checksums that sha256sum confirms, and denies after a change', async () => {
    write('a file', 'a');
    write('b', 'b');
    const check = () => spawnSync('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { cwd: work });
    writeFileSync(join(work, 'SHA256SUMS'), await checksums(work));
    expect(check().stdout.toString()).toBe('a file: OK\nb: OK\n');
    write('b', 'c');
    expect(check().status).toBe(1);
  });
});
