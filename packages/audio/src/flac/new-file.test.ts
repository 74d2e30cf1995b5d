import { readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../testing/sound.ts';
import { writeNewFile } from './new-file.ts';

const write = (text: string) => async (file: { writeFile(text: string): Promise<void> }) =>
  file.writeFile(text);

describe('writeNewFile', () => {
  it('never writes over a file unless it is told to', async () => {
    await using folder = await temporaryFolder();
    const path = folder.file('a');
    await writeNewFile({ path, replace: false, write: write('one') });
    await expect(writeNewFile({ path, replace: false, write: write('two') })).rejects.toThrow('EEXIST');
    expect(await readFile(path, 'utf8')).toBe('one');
    await writeNewFile({ path, replace: true, write: write('three') });
    expect(await readFile(path, 'utf8')).toBe('three');
    expect(await readdir(folder.file(''))).toEqual(['a']);
  });

  it('lets exactly one of many writers have a name', async () => {
    await using folder = await temporaryFolder();
    const path = folder.file('a');
    const tries = Array.from({ length: 8 }, (_, index) =>
      writeNewFile({ path, replace: false, write: write(String(index)) }).then(
        () => index,
        () => null,
      ),
    );
    const winners = (await Promise.all(tries)).filter((winner) => winner !== null);
    expect(winners.map(String)).toEqual([await readFile(path, 'utf8')]);
  });

  it('leaves nothing behind when writing fails', async () => {
    await using folder = await temporaryFolder();
    await writeFile(folder.file('a'), 'kept');
    const failing = writeNewFile({
      path: folder.file('a'),
      replace: true,
      write: () => Promise.reject(new Error('no more sound')),
    });
    await expect(failing).rejects.toThrow('no more sound');
    expect(await readFile(folder.file('a'), 'utf8')).toBe('kept');
    expect(await readdir(folder.file(''))).toEqual(['a']);
  });
});
