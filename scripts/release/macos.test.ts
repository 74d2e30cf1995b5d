import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { importCertificate, machOFiles, problemsOfApp, signNested } from './macos.ts';
import { run } from './run.ts';

let work: string;
let app: string;
beforeEach(() => {
  work = mkdtempSync(join(tmpdir(), 'pidentify-macos-'));
  app = join(work, 'Pidentify.app');
  write('Pidentify.app/Contents/MacOS/pidentify', 'cffaedfe0c000001');
  write('Pidentify.app/Contents/Resources/services/native/deep/addon.node', 'cffaedfe0c000001');
  write('Pidentify.app/Contents/Resources/universal.dylib', 'cafebabe00000002');
  write('Pidentify.app/Contents/Resources/Some.class', 'cafebabe00000041');
  write('Pidentify.app/Contents/Resources/services/main.js', '2f2f20636f6465');
  write('Pidentify.app/Contents/Resources/empty', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(work, { recursive: true, force: true });
});

function write(path: string, hex: string): void {
  mkdirSync(dirname(join(work, path)), { recursive: true });
  writeFileSync(join(work, path), Buffer.from(hex, 'hex'));
}

/** A program of this name that notes its arguments and does what `script` says; there is none of it on Linux. */
function standIn(name: string, script: string): void {
  const folder = join(work, 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >> ${join(work, 'calls')}\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env.PATH}`);
}
const calls = () => readFileSync(join(work, 'calls'), 'utf8').trimEnd().split('\n');

const signed = (team: string, flags = 'flags=0x10000(runtime)') =>
  `case "$1" in --display) echo "CodeDirectory v=20500 ${flags}"; echo "TeamIdentifier=${team}";; esac`;

describe('signing on macOS', () => {
  it('finds every program and library, the deepest first, and nothing else', () => {
    expect(machOFiles(app).map((path) => relative(app, path))).toEqual([
      'Contents/Resources/services/native/deep/addon.node',
      'Contents/MacOS/pidentify',
      'Contents/Resources/universal.dylib',
    ]);
  });

  it('signs each with the hardened runtime, for nobody when there is no certificate', () => {
    standIn('codesign', '');
    const folder = join(app, 'Contents/Resources');
    const files = signNested({ folder, identity: '-', entitlements: 'e.plist', run });
    expect(files).toHaveLength(2);
    expect(calls()).toEqual(
      files.map(
        (file) =>
          `codesign --force --options runtime --timestamp=none --entitlements e.plist --sign - ${file}`,
      ),
    );
  });

  it('stops when one cannot be signed', () => {
    standIn('codesign', 'echo no identity found >&2; exit 1');
    expect(() => signNested({ folder: app, identity: 'A', entitlements: 'e', run })).toThrow(
      'no identity found',
    );
  });

  it('puts the certificate into a keychain of its own and keeps the others', () => {
    standIn(
      'security',
      'case "$*" in "list-keychains -d user") echo "    \\"/Users/a/login.keychain-db\\"";; esac',
    );
    importCertificate({
      certificate: 'c.p12',
      certificatePassword: 'p',
      keychain: 'k.keychain-db',
      keychainPassword: 'q',
      run,
    });
    expect(calls().map((call) => call.split(' ')[1])).toEqual([
      'create-keychain',
      'set-keychain-settings',
      'unlock-keychain',
      'import',
      'set-key-partition-list',
      'list-keychains',
      'list-keychains',
    ]);
    expect(calls().at(-1)).toBe(
      'security list-keychains -d user -s k.keychain-db /Users/a/login.keychain-db',
    );
  });
});

describe('an app that was signed', () => {
  it('is right when every program is verified, hardened and of one team', () => {
    standIn('codesign', signed('TEAM'));
    expect(problemsOfApp({ app, notarised: false, run })).toEqual([]);
  });

  it('is wrong when one program is not signed', () => {
    standIn(
      'codesign',
      `case "$*" in *--strict*addon.node) echo "code object is not signed at all" >&2; exit 1;; esac; ${signed('TEAM')}`,
    );
    expect(problemsOfApp({ app, notarised: false, run })).toEqual([
      expect.stringMatching(/addon\.node: code object is not signed at all$/),
    ]);
  });

  it('is wrong when one is of another team or not hardened', () => {
    standIn(
      'codesign',
      `case "$*" in *display*universal.dylib) ${'echo "flags=0x2(adhoc)"; echo "TeamIdentifier=OTHER"; exit 0'};; esac; ${signed('TEAM')}`,
    );
    expect(problemsOfApp({ app, notarised: false, run })).toEqual([
      expect.stringMatching(/universal\.dylib: without the hardened runtime$/),
      expect.stringMatching(/universal\.dylib: signed by OTHER, the app by TEAM$/),
    ]);
  });

  it('is wrong when Apple’s ticket is not stapled to it, or there is no program in it', () => {
    standIn('codesign', signed('TEAM'));
    standIn('xcrun', 'echo "does not have a ticket stapled to it"; exit 65');
    standIn('spctl', '');
    expect(problemsOfApp({ app, notarised: true, run })).toEqual([
      'xcrun: does not have a ticket stapled to it',
    ]);
    mkdirSync(join(work, 'Empty.app'));
    expect(problemsOfApp({ app: join(work, 'Empty.app'), notarised: false, run })[0]).toContain(
      'holds no program',
    );
  });
});
