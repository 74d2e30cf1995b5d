import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Device, settingsSchema } from '@pidentify/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Rig, startRig, until } from '../testing/rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await startRig({
    config: { admin_password_hash: '$argon2id$v=19$secret', jwt_secret_key: 'very secret' },
    warnings: ['config.yaml: "duration" is not used: Too big.'],
  });
});
afterEach(() => rig.close());

describe('settings', () => {
  it('are told without their secrets', async () => {
    const { json, text } = await rig.call('GET', '/api/settings');
    expect(settingsSchema.parse(json)).toEqual(json);
    expect(json).toMatchObject({ duration: 15, has_password: true });
    expect(text).not.toMatch(/argon2id|very secret/);
  });

  it('take the keys of services, and never tell them', async () => {
    const secret = 'tok-very-secret';
    const { status, json, text } = await rig.call('PATCH', '/api/settings', { audd_token: secret });
    expect([status, json.has_audd_token, json.has_acoustid_key]).toEqual([200, true, false]);
    expect(text).not.toContain(secret);
    expect((await rig.call('GET', '/api/settings')).text).not.toContain(secret);
    expect(rig.written).toMatchObject([{ audd_token: secret }]);
    const taken = await rig.call('PATCH', '/api/settings', { audd_token: '' });
    expect(taken.json.has_audd_token).toBe(false);
    const refused = await rig.call('PATCH', '/api/settings', { acoustid_key: `${secret} ` });
    expect([refused.status, refused.text.includes(secret)]).toEqual([400, false]);
  });

  it('are written as a whole and told to the others', async () => {
    const told: string[][] = [];
    await rig.bus.subscribe('settings.changed', ({ keys }) => void told.push(keys)).active;
    const { status, json } = await rig.call('PATCH', '/api/settings', { duration: 20, device: '' });
    expect([status, json.duration]).toEqual([200, 20]);
    expect(rig.written).toMatchObject([{ duration: 20, jwt_secret_key: 'very secret' }]);
    await until(() => told.length === 1);
    expect(told).toEqual([['duration']]);
  });

  it('that stay the same are neither written nor told', async () => {
    expect((await rig.call('PATCH', '/api/settings', { duration: 15 })).status).toBe(200);
    expect((await rig.call('PATCH', '/api/settings', {})).status).toBe(200);
    expect(rig.written).toEqual([]);
  });

  it('two changes at once are both kept', async () => {
    await Promise.all([
      rig.call('PATCH', '/api/settings', { duration: 20 }),
      rig.call('PATCH', '/api/settings', { temp_save_offset: 5 }),
    ]);
    expect((await rig.call('GET', '/api/settings')).json).toMatchObject({
      duration: 20,
      temp_save_offset: 5,
    });
    expect(rig.written.at(-1)).toMatchObject({ duration: 20, temp_save_offset: 5 });
  });

  it.each([
    [{ duration: 2 }, 'duration'],
    [{ duration: '15' }, 'duration'],
    [{ duration: 15, blocksize: null }, 'blocksize'],
    [{ buffer_length_seconds: 1e9 }, 'buffer_length_seconds'],
    [{ nonsense: 1 }, 'nonsense'],
    [{ jwt_secret_key: 'x' }, 'jwt_secret_key'],
    [{ admin_password_hash: null }, 'admin_password_hash'],
    [{ new_password: 'x' }, 'new_password'],
    [{ music_folders: ['/does/not/exist'] }, '/does/not/exist'],
    [{ music_folders: ['relative'] }, 'relative'],
    [{ provider_order: ['audd', 'audd'] }, 'provider_order'],
    [{ provider_order: ['shazam'] }, 'provider_order'],
    [{ provider_daily_budget: -1 }, 'provider_daily_budget'],
    [{ audd_url: 'http://example.org/' }, 'audd_url'],
    [{ audd_url: 'https://user:pass@example.org/' }, 'audd_url'],
    [{ lrclib_url: 'http://lrclib.net/' }, 'lrclib_url'],
    [{ lyrics_from_lrclib: 'yes' }, 'lyrics_from_lrclib'],
    [[], 'body'],
  ])('%j is setting_invalid and names %s', async (patch, name) => {
    const { status, json } = await rig.call('PATCH', '/api/settings', patch);
    expect([status, json.status]).toEqual([400, 'setting_invalid']);
    expect(json.message).toContain(name);
    expect(rig.written).toEqual([]);
  });

  it('a music folder must be a folder', async () => {
    const [file, folder] = [join(rig.data, 'file'), join(rig.data, 'folder')];
    writeFileSync(file, '');
    mkdirSync(folder);
    const refused = await rig.call('PATCH', '/api/settings', { music_folders: [folder, file] });
    expect(refused.json.message).toContain(`${file} is not a folder`);
    expect((await rig.call('PATCH', '/api/settings', { music_folders: [folder] })).status).toBe(200);
  });

  it('that could not be used are a warning in health until the file is written anew', async () => {
    const warnings = async () => (await rig.call('GET', '/api/health')).json.warnings;
    expect(await warnings()).toEqual(['config.yaml: "duration" is not used: Too big.']);
    await rig.call('PATCH', '/api/settings', { duration: 16 });
    expect(await warnings()).toEqual([]);
  });

  it('change what /api/config tells', async () => {
    await rig.call('PATCH', '/api/settings', { buffer_length_seconds: 900, initial_setup_complete: true });
    expect((await rig.call('GET', '/api/config')).json).toEqual({
      can_skip: true,
      can_save: true,
      can_edit_history: true,
      buffer_length_seconds: 900,
      temp_save_offset: 30,
      initial_setup_complete: true,
      is_admin: true,
    });
  });

  it('the devices are the recorder’s to tell', async () => {
    const device: Device = {
      id: 'line-in',
      name: 'Line in',
      index: 0,
      max_input_channels: 2,
      default_samplerate: 48_000,
    };
    const refused = await rig.call('GET', '/api/settings/devices');
    expect([refused.status, refused.json.status]).toEqual([503, 'recorder_unavailable']);
    await rig.bus.answer('recorder.devices', () => [device]).active;
    expect((await rig.call('GET', '/api/settings/devices')).json).toEqual([device]);
    expect((await rig.call('GET', '/api/settings/music-id-plugins')).json).toEqual(['audd', 'acrcloud']);
  });
});

describe('what a person asks of the recorder', () => {
  it.each([
    ['/api/scan-now', 'recorder.scan-now'],
    ['/api/recorder/restart', 'supervisor.restart'],
    ['/api/library/reindex', 'recorder.reindex'],
    ['/api/library/look', 'recorder.look'],
  ] as const)('POST %s is asked on the bus', async (path, name) => {
    const asked: unknown[] = [];
    await rig.bus.answer(name, (question) => {
      asked.push(question);
      return { done: true };
    }).active;
    expect((await rig.call('POST', path)).json).toMatchObject({ success: true, status: 'ok' });
    expect(asked).toHaveLength(1);
  });

  it('says so when the recorder is not there', async () => {
    const { status, json } = await rig.call('POST', '/api/scan-now');
    expect([status, json.status]).toEqual([503, 'recorder_unavailable']);
  });
});
