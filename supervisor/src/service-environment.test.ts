import { describe, expect, it } from 'vitest';
import { chooseBusAccess } from './message-bus.ts';
import { serviceEnvironment } from './service-environment.ts';

const folders = { data: '/d', music: '/m', cache: '/c', logs: '/d/logs', run: '/d/run' };
const access = { runBy: 'ours', host: '127.0.0.1', port: 7, username: 'pid', password: 'x' } as const;
const facts = { env: {}, folders, access, token: 't', version: '1' };

describe('serviceEnvironment', () => {
  it('names everything as the services read it', () => {
    expect(serviceEnvironment({ ...facts, env: { HOME: '/h' }, input: 'usb', webDir: '/w' })).toEqual({
      HOME: '/h',
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: '7',
      REDIS_USERNAME: 'pid',
      REDIS_PASSWORD: 'x',
      APPDATA_DIR: '/d',
      MUSIC_LIBRARY_DIR: '/m',
      DB_URL: 'sqlite:////d/database.db',
      PIDENTIFY_INPUT: 'usb',
      PIDENTIFY_WEB_DIR: '/w',
      PIDENTIFY_TOKEN: 't',
      PIDENTIFY_CACHE_DIR: '/c',
      NODE_COMPILE_CACHE: '/c/compiled/1',
    });
  });

  it('keeps what a person has set', () => {
    const env = { DB_URL: 'sqlite:////else/where.db', PIDENTIFY_WEB_DIR: '/theirs' };
    expect(serviceEnvironment({ ...facts, env, webDir: '/w' })).toMatchObject(env);
  });

  it('refuses what cannot be used, and names it', () => {
    expect(() => serviceEnvironment({ ...facts, env: { DB_URL: 'postgres://x' } })).toThrow('DB_URL');
    expect(() => serviceEnvironment({ ...facts, env: { LOG_LEVEL: 'loud' } })).toThrow('LOG_LEVEL');
  });
});

describe('chooseBusAccess', () => {
  it('takes the one that REDIS_HOST names', async () => {
    expect(await chooseBusAccess({ REDIS_HOST: 'redis', REDIS_PASSWORD: 'p' })).toEqual({
      runBy: 'external',
      host: 'redis',
      port: 6379,
      username: undefined,
      password: 'p',
    });
  });

  it('makes up a new password each time otherwise', async () => {
    const [one, other] = [await chooseBusAccess({}), await chooseBusAccess({})];
    expect(one).toMatchObject({ runBy: 'ours', host: '127.0.0.1' });
    expect(one.password).not.toBe(other.password);
  });
});
