import { describe, expect, it } from 'vitest';
import { largestParts, partsOfDeb } from './pack.ts';
import { targetOf } from './target.ts';

describe('the parts of a .deb', () => {
  it('are its files, without folders', () => {
    const contents = [
      'drwxr-xr-x 0/0               0 2026-11-23 08:00 ./usr/',
      '-rwxr-xr-x 0/0         7085056 2026-11-23 08:00 ./usr/bin/pidentify',
      '-rw-r--r-- root/root        12 2026-11-23 08:00 ./usr/lib/Pidentify/a file.txt',
      '',
    ].join('\n');
    expect(partsOfDeb(contents)).toEqual([
      { path: '/usr/bin/pidentify', bytes: 7085056 },
      { path: '/usr/lib/Pidentify/a file.txt', bytes: 12 },
    ]);
  });

  it('that matter are those with a hundredth of the whole', () => {
    const parts = [
      { path: 'small', bytes: 9 },
      { path: 'medium', bytes: 100 },
      { path: 'large', bytes: 900 },
    ];
    expect(largestParts(parts).map(({ path }) => path)).toEqual(['large', 'medium']);
  });
});

describe('the target', () => {
  it('is the system this runs on', () => {
    expect(targetOf('linux', 'x64').triple).toBe('x86_64-unknown-linux-gnu');
    expect(targetOf('win32', 'x64').suffix).toBe('.exe');
  });
  it('is refused where there is no Node to embed', () => {
    expect(() => targetOf('win32', 'arm64')).toThrow('Pidentify cannot be built for win32-arm64.');
  });
});
