import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openInBrowser } from './open-in-browser.ts';
import { replaceFile } from './safe-write.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pidentify-write-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('replaceFile', () => {
  it('replaces the content and leaves nothing else', async () => {
    writeFileSync(join(dir, 'a'), 'old');
    await replaceFile(join(dir, 'a'), 'new');
    expect(readFileSync(join(dir, 'a'), 'utf8')).toBe('new');
    expect(readdirSync(dir)).toEqual(['a']);
  });

  it('leaves no trace when it fails', async () => {
    await expect(replaceFile(dir, 'new')).rejects.toThrow();
    await expect(replaceFile(join(dir, 'none', 'a'), 'new')).rejects.toThrow('ENOENT');
    expect(readdirSync(dir)).toEqual([]);
  });
});

describe('openInBrowser', () => {
  it('does without a screen and without a browser', async () => {
    const url = 'http://127.0.0.1:1/';
    expect(await openInBrowser({ platform: 'linux', env: {}, url })).toBe(false);
    expect(await openInBrowser({ platform: 'windows', env: {}, url })).toBe(false);
  });
});
