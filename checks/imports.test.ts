import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, isCode, isTest, projectFiles, read } from './tree.ts';

/** The import table of ARCHITECTURE.md: which packages a room may import. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  'packages/contracts': [],
  'packages/bus': ['contracts'],
  'packages/audio': [],
  'packages/fingerprint': [],
  'packages/platform': [],
  recorder: ['contracts', 'bus', 'audio', 'fingerprint', 'platform'],
  server: ['contracts', 'bus', 'audio', 'platform'],
  supervisor: ['contracts', 'bus', 'platform'],
  web: ['contracts'],
};
const rooms = Object.keys(mayImport);
const roomOf = (path: string) => rooms.find((room) => path.startsWith(`${room}/`));

const code = projectFiles().filter((path) => isCode(path) && roomOf(path));

describe('who may import whom', () => {
  it('finds the rooms', () => {
    for (const room of rooms)
      expect(
        code.some((path) => path.startsWith(`${room}/src/`)),
        room,
      ).toBe(true);
  });

  it.each(rooms)('%s imports only the packages the table allows', (room) => {
    const breaches = code
      .filter((path) => roomOf(path) === room && !isTest(path))
      .flatMap((path) => importsOf(read(path)).map((name) => ({ path, name })))
      .filter(({ name }) => name.startsWith('@pidentify/'))
      .filter(({ name }) => !mayImport[room].includes(name.split('/')[1]))
      .map(({ path, name }) => `${path} imports ${name}`);
    expect(breaches).toEqual([]);
  });

  it('no file reaches into another room by a relative path', () => {
    const breaches = code
      .filter((path) => !isTest(path))
      .flatMap((path) =>
        importsOf(read(path))
          .filter((name) => name.startsWith('.'))
          .map((name) => ({ path, target: normalize(join(dirname(path), name)) })),
      )
      .filter(({ path, target }) => roomOf(target) !== roomOf(path))
      .map(({ path, target }) => `${path} imports ${target}`);
    expect(breaches).toEqual([]);
  });

  it('the web client and the contracts use nothing of Node', () => {
    const breaches = code
      .filter((path) => /^(web\/src|packages\/contracts\/src)\//.test(path) && !isTest(path))
      .filter((path) => importsOf(read(path)).some((name) => name.startsWith('node:')));
    expect(breaches).toEqual([]);
  });

  it('fingerprint touches no file, process or clock', () => {
    const breaches = code
      .filter((path) => path.startsWith('packages/fingerprint/src/') && !isTest(path))
      // zlib is asked for a CRC of bytes in memory, seven times as fast as one in JavaScript.
      .filter((path) => /from 'node:(?!zlib')|\bprocess\.[a-z]|Date\.now|performance\./.test(read(path)));
    expect(breaches).toEqual([]);
  });
});
