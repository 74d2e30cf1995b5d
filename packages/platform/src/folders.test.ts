import { describe, expect, it } from 'vitest';
import { resolveFolders } from './folders.ts';

const linux = { platform: 'linux', env: {}, home: '/home/ann', cwd: '/srv' } as const;
const macos = { platform: 'macos', env: {}, home: '/Users/ann', cwd: '/' } as const;
const windows = { platform: 'windows', env: {}, home: 'C:\\Users\\ann', cwd: 'C:\\work' } as const;

describe('resolveFolders on Linux', () => {
  it('follows the XDG defaults', () => {
    expect(resolveFolders(linux)).toEqual({
      data: '/home/ann/.local/share/pidentify',
      music: '/home/ann/Music/Pidentify',
      cache: '/home/ann/.cache/pidentify',
      logs: '/home/ann/.local/share/pidentify/logs',
      run: '/home/ann/.local/share/pidentify/run',
    });
  });

  it('follows XDG variables, but not relative ones', () => {
    const env = { XDG_DATA_HOME: '/data', XDG_CACHE_HOME: 'relative' };
    const folders = resolveFolders({ ...linux, env });
    expect(folders.data).toBe('/data/pidentify');
    expect(folders.cache).toBe('/home/ann/.cache/pidentify');
  });

  it('takes the music folder from user-dirs.dirs', () => {
    const readText = (path: string) =>
      path === '/home/ann/.config/user-dirs.dirs' ? '# dirs\nXDG_MUSIC_DIR="$HOME/Musik"\n' : null;
    expect(resolveFolders({ ...linux, readText }).music).toBe('/home/ann/Musik/Pidentify');
  });

  it.each(['$HOME/', '$HOME', 'relative', ''])('does not use %j as the music folder', (named) => {
    const readText = () => `XDG_MUSIC_DIR="${named}"`;
    expect(resolveFolders({ ...linux, readText }).music).toBe('/home/ann/Music/Pidentify');
  });
});

describe('resolveFolders on macOS', () => {
  it('uses Application Support and Music', () => {
    const folders = resolveFolders(macos);
    expect(folders.data).toBe('/Users/ann/Library/Application Support/com.pidentify.app/config');
    expect(folders.music).toBe('/Users/ann/Music/Pidentify');
  });
});

describe('resolveFolders on Windows', () => {
  it('uses APPDATA and the profile', () => {
    const env = { APPDATA: 'D:\\Roaming', USERPROFILE: 'D:\\ann' };
    const folders = resolveFolders({ ...windows, env });
    expect(folders.data).toBe('D:\\Roaming\\Pidentify\\config');
    expect(folders.music).toBe('D:\\ann\\Music\\Pidentify');
    expect(folders.logs).toBe('D:\\Roaming\\Pidentify\\config\\logs');
  });

  it('does without the variables', () => {
    expect(resolveFolders(windows).data).toBe('C:\\Users\\ann\\AppData\\Roaming\\Pidentify\\config');
  });
});

describe('what wins', () => {
  const env = {
    APPDATA_DIR: '/env/data',
    MUSIC_LIBRARY_DIR: '/env/music',
    PIDENTIFY_CACHE_DIR: '/env/cache',
  };

  it('takes the environment over the system', () => {
    for (const question of [linux, macos]) {
      expect(resolveFolders({ ...question, env })).toMatchObject({
        data: '/env/data',
        music: '/env/music',
        cache: '/env/cache',
      });
    }
  });

  it('takes options over the environment, from the folder one is in', () => {
    const folders = resolveFolders({ ...linux, env, options: { data: 'here', music: '/m' } });
    expect(folders).toMatchObject({ data: '/srv/here', music: '/m', run: '/srv/here/run' });
  });
});
