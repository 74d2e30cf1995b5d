import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

type WindowOfClone = {
  areForWindow: (args: string[]) => boolean;
  fromAnywhere: (args: string[], cwd: string) => string[];
  keepWindow: (options: { root: string; program: string }) => void;
  stateOfWindow: (root: string) => 'absent' | 'built' | 'outdated';
};
// Plain JavaScript without types; the address keeps tsc from asking for them.
const script = new URL('./window-of-clone.mjs', import.meta.url).href;
const { areForWindow, fromAnywhere, keepWindow, stateOfWindow } = (await import(script)) as WindowOfClone;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pidentify-clone-'));
  for (const [folder, file] of [
    ['src-tauri/src', 'main.rs'],
    ['src-tauri/target', 'made'],
    ['splash', 'index.html'],
  ]) {
    mkdirSync(join(root, folder), { recursive: true });
    writeFileSync(join(root, folder, file), file);
  }
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('the window of a clone', () => {
  it('is there once it was built, until a source of it changes', () => {
    expect(stateOfWindow(root)).toBe('absent');
    keepWindow({ root, program: join(root, 'src-tauri/target/made') });
    expect(stateOfWindow(root)).toBe('built');
    writeFileSync(join(root, 'src-tauri/target/made'), 'again');
    expect(stateOfWindow(root)).toBe('built');
    writeFileSync(join(root, 'splash/index.html'), 'changed');
    expect(stateOfWindow(root)).toBe('outdated');
  });

  it.each([
    [[], true],
    [['--data', '/d', '--input=file:/a b', '--port', '0'], true],
    [['--headless'], false],
    [['--help'], false],
    [['--prot', '0'], false],
    [['--data'], false],
    [['song.flac'], false],
  ])('takes %j: %s', (args, taken) => expect(areForWindow(args)).toBe(taken));

  it('gets paths that are the same from anywhere', () => {
    const args = ['--data', 'd', '--music=/m', '--input', 'file:a b.ogg', '--port', '0'];
    expect(fromAnywhere(args, '/here')).toEqual([
      ...['--data', '/here/d', '--music', '/m', '--input', 'file:/here/a b.ogg', '--port', '0'],
    ]);
    expect(fromAnywhere(['--input=Line In'], '/here')).toEqual(['--input', 'Line In']);
  });
});
