import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { publish } from './publish.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pidentify-publish-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function unfinished(text: string): string {
  const path = join(folder, `${text}.tmp`);
  writeFileSync(path, text);
  return path;
}

describe('publish', () => {
  it('gives a file its name', async () => {
    const wished = join(folder, '01 - A.flac');
    expect(await publish({ unfinished: unfinished('one'), wished })).toBe(wished);
    expect(readdirSync(folder)).toEqual(['01 - A.flac']);
  });

  it('never replaces another file', async () => {
    const wished = join(folder, 'A.flac');
    writeFileSync(wished, 'before');
    expect(await publish({ unfinished: unfinished('one'), wished })).toBe(join(folder, 'A (2).flac'));
    expect(await publish({ unfinished: unfinished('two'), wished })).toBe(join(folder, 'A (3).flac'));
    expect(readFileSync(wished, 'utf8')).toBe('before');
  });

  it('many at once get a name each', async () => {
    const wished = join(folder, 'A.flac');
    const texts = Array.from({ length: 20 }, (_, index) => `text ${index}`);
    const paths = await Promise.all(texts.map((text) => publish({ unfinished: unfinished(text), wished })));
    expect(new Set(paths).size).toBe(20);
    expect(paths.map((path) => readFileSync(path, 'utf8'))).toEqual(texts);
  });
});
