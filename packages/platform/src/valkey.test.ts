import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fetchedValkey, findValkey, valkeyConfig } from './valkey.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pidentify-valkey-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(...parts: string[]): string {
  const path = join(folder, ...parts);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n', { mode: 0o755 });
  return path;
}

describe('findValkey', () => {
  it('asks the places in their order', () => {
    const named = program('named');
    const bundledPath = program('bundled');
    const fetchedPath = program('fetched');
    const searchPath = join(program('path', 'valkey-server'), '..');
    expect(findValkey({ named, bundledPath, fetchedPath, searchPath })?.path).toBe(named);
    expect(findValkey({ bundledPath, fetchedPath, searchPath })?.path).toBe(bundledPath);
    expect(findValkey({ fetchedPath, searchPath })?.path).toBe(fetchedPath);
    expect(findValkey({ searchPath: `${join(folder, 'none')}:${searchPath}` })?.path).toBe(
      join(searchPath, 'valkey-server'),
    );
  });

  it('passes over what is not there or is a folder', () => {
    const fetchedPath = program('fetched');
    expect(findValkey({ named: join(folder, 'none'), bundledPath: folder, fetchedPath })?.path).toBe(
      fetchedPath,
    );
    expect(findValkey({ searchPath: folder })).toBeNull();
  });

  it('names the folder of libraries that came with it', () => {
    const fetchedPath = program('valkey', 'bin', 'valkey-server');
    expect(findValkey({ fetchedPath })).toEqual({ path: fetchedPath });
    program('valkey', 'lib', 'libjemalloc.so.2');
    expect(findValkey({ fetchedPath })?.libraryPath).toBe(join(folder, 'valkey', 'lib'));
  });
});

describe('fetchedValkey', () => {
  it('takes the newest version', () => {
    expect(fetchedValkey(folder)).toBeNull();
    program('tools', 'valkey-8.0.9', 'bin', 'valkey-server');
    const newest = program('tools', 'valkey-8.0.10', 'bin', 'valkey-server');
    expect(fetchedValkey(folder)).toBe(newest);
  });
});

describe('valkeyConfig', () => {
  it('lets nobody in but its one user', () => {
    const config = valkeyConfig({ port: 7000, username: 'pid', password: 'secret' });
    expect(config).toContain('bind 127.0.0.1\nport 7000\n');
    expect(config).toContain('user default off\nuser pid on >secret ~pid:* &pid:* -@all +ping ');
    expect(config).not.toContain('eval');
  });
});
