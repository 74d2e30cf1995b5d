import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readConfigFile, writeConfigFile } from './config-file.ts';

type Config = { device: string; duration: number; folders: string[] };
const defaults: Config = { device: '', duration: 15, folders: [] };

function parse(raw: Readonly<Record<string, unknown>>) {
  const config = structuredClone(defaults);
  const problems: { key: string; message: string }[] = [];
  for (const [key, value] of Object.entries(raw)) {
    if (key === 'device' && typeof value === 'string') config.device = value;
    else if (key === 'duration' && typeof value === 'number') config.duration = value;
    else if (key === 'folders' && Array.isArray(value)) config.folders = value;
    else problems.push({ key, message: 'is not right.' });
  }
  return { config, problems };
}

const now = () => new Date('2026-11-22T10:00:00.000Z');
let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pidentify-config-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const file = () => join(dir, 'config.yaml');
const read = () => readConfigFile({ dir, parse, now });
const write = (config: Config) => writeConfigFile({ dir, config, parse, now });

describe('readConfigFile', () => {
  it('uses the defaults where there is no file yet, and is silent about it', async () => {
    expect(await read()).toEqual({ config: defaults, warnings: [] });
  });

  it.each(['', '# only a comment\n'])('uses the defaults for %j', async (text) => {
    writeFileSync(file(), text);
    expect(await read()).toEqual({ config: defaults, warnings: [] });
  });

  it('keeps the good values when one is bad, and says so', async () => {
    writeFileSync(file(), 'device: usb\nduration: long\n');
    expect(await read()).toEqual({
      config: { ...defaults, device: 'usb' },
      warnings: ['config.yaml: "duration" is not used: is not right.'],
    });
    expect(readdirSync(dir)).toEqual(['config.yaml']);
  });

  it.each(['device: [', '- a\n- b\n', 'just text', 'a: 1\na: 2\n', '\u0000\u0001', '[]'])(
    'keeps %j aside and uses the defaults',
    async (text) => {
      writeFileSync(file(), text);
      const { config, warnings } = await read();
      expect(config).toEqual(defaults);
      expect(warnings[0]).toContain('kept as config.yaml.broken-2026-11-22T10-00-00-000Z');
      expect((await read()).warnings).toEqual(warnings);
      expect(readdirSync(dir)).toEqual(['config.yaml.broken-2026-11-22T10-00-00-000Z']);
      expect(readFileSync(join(dir, readdirSync(dir)[0]), 'utf8')).toBe(text);
    },
  );

  it('is not harmed by aliases that grow without end, nor by a huge file', async () => {
    const lol = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe'])
      lol.push(`${name}: &${name} [${`*${of},`.repeat(10)}]`);
    writeFileSync(file(), lol.join('\n'));
    expect((await read()).warnings[0]).toContain('broken');
    writeFileSync(file(), `device: ${'x'.repeat(2 << 20)}`);
    expect((await read()).warnings[0]).toContain('broken');
  });

  it('reads any text without throwing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
        writeFileSync(file(), text);
        expect((await read()).config).toBeDefined();
      }),
      { numRuns: 25 },
    );
  });
});

describe('writeConfigFile', () => {
  it('writes only what differs from the defaults, for the owner only', async () => {
    await write({ ...defaults, device: 'usb' });
    expect(readFileSync(file(), 'utf8')).toBe('device: usb\n');
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    await write(defaults);
    expect((await read()).config).toEqual(defaults);
    expect(readdirSync(dir)).toEqual(['config.yaml']);
  });

  it('leaves comments and the keys of others alone', async () => {
    writeFileSync(file(), '# mine\ndevice: usb # the blue one\nforeign: 1\n');
    await write({ ...defaults, device: 'usb', duration: 20 });
    expect(readFileSync(file(), 'utf8')).toBe(
      '# mine\ndevice: usb # the blue one\nforeign: 1\nduration: 20\n',
    );
  });

  it('keeps a copy before a bad value is replaced', async () => {
    const text = 'device: usb\nduration: long\n';
    writeFileSync(file(), text);
    await write((await read()).config);
    expect(readFileSync(file(), 'utf8')).toBe('device: usb\n');
    expect(readFileSync(join(dir, 'config.yaml.bak-2026-11-22T10-00-00-000Z'), 'utf8')).toBe(text);
  });

  it('reads back what it wrote', async () => {
    const texts = fc.string({ unit: 'grapheme' });
    const configs = fc.record({
      device: texts,
      duration: fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((n) => n + 0),
      folders: fc.array(texts),
    });
    await fc.assert(
      fc.asyncProperty(configs, async (config) => {
        await write(config);
        expect((await read()).config).toEqual(config);
      }),
      { numRuns: 40 },
    );
  });
});
