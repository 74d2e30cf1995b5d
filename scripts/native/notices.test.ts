import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withCompiledIn } from './compiled-in.ts';
import { type Component, forbiddenComponents, npmComponents, unnamedLibraries } from './components.ts';
import { noticesText, sbomText } from './notices.ts';

const root = resolve(import.meta.dirname, '../..');
const component = (name: string, licence: string, ...texts: string[]): Component => ({
  kind: 'npm',
  name,
  version: '1.0.0',
  licence,
  texts,
});

describe('what is inside', () => {
  it('is the packages that own the files, each once, and none of ours', () => {
    const files = ['node_modules/zod/index.js', 'node_modules/zod/v4/core/index.js', 'server/src/main.ts'];
    const found = npmComponents(root, [...files, 'node_modules/@fastify/static/index.js']);
    expect(found.map(({ name, licence }) => [name, licence])).toEqual([
      ['zod', 'MIT'],
      ['@fastify/static', 'MIT'],
    ]);
    expect(found[0].texts[0]).toContain('MIT License');
  });

  it.each([
    ['MIT', true],
    ['LGPL-3.0-or-later', true],
    ['MIT OR GPL-2.0', true],
    ['GPL-3.0-or-later', false],
    ['AGPL-3.0', false],
    ['(GPL-2.0 OR AGPL-3.0)', false],
    ['CC-BY-NC-4.0', false],
    ['BUSL-1.1', false],
  ])('may be under %s: %s', (licence, allowed) => {
    expect(forbiddenComponents([component('a', licence)])).toHaveLength(allowed ? 0 : 1);
  });

  it('is what npm packages have compiled into them, too, with every text their licences ask for', () => {
    const parser = component('codec-parser', 'LGPL-3.0-or-later', 'LGPL 3');
    const found = withCompiledIn(root, [component('mpg123-decoder', 'MIT'), parser, component('zod', 'MIT')]);
    expect(found.map(({ name, licence }) => [name, licence])).toEqual([
      ['mpg123-decoder', 'MIT'],
      ['mpg123', 'LGPL-2.1-only'],
      ['codec-parser', 'LGPL-3.0-or-later'],
      ['zod', 'MIT'],
    ]);
    expect(found[1].texts[0]).toContain('GNU LESSER GENERAL PUBLIC LICENSE');
    expect(found[2].texts.at(-1)).toContain('GNU GENERAL PUBLIC LICENSE\n                       Version 3');
  });

  it('has a name for every library that is shipped', () => {
    const named = [component('jemalloc', 'BSD-2-Clause'), component('@scope/decoder', 'MIT')];
    const shipped = [
      'server/src/main.js',
      'node_modules/@scope/decoder/dist/decoder.wasm',
      'valkey/lib/libjemalloc.so.2',
      'valkey/bin/valkey-server',
    ];
    expect(unnamedLibraries(shipped, named)).toEqual([]);
    const strange = [
      'valkey/lib/libatomic.so.1',
      'valkey/lib/liblzf.so.1',
      'node_modules/other/build/other.node',
      'server/src/some.dll',
    ];
    expect(unnamedLibraries([...shipped, ...strange], named)).toEqual(strange);
  });

  it('names the libraries of every decoder that is shipped', () => {
    const decoders = [
      'mpg123-decoder',
      'libflacjs',
      '@wasm-audio-decoders/ogg-vorbis',
      'opus-decoder',
      '@unimusic/chromaprint',
    ];
    const files = decoders.map((name) => `node_modules/${name}/index.js`);
    const names = withCompiledIn(root, npmComponents(root, files)).map(({ name }) => name);
    for (const name of ['mpg123', 'libFLAC', 'libogg', 'libvorbis', 'libopus', 'chromaprint', 'kissfft'])
      expect(names).toContain(name);
  });
});

describe('the notices', () => {
  it('print a text once for all who share it', () => {
    const text = noticesText([
      component('a', 'MIT', 'Permission is\ngranted'),
      component('b', 'MIT', 'Permission is granted'),
      component('c', 'ISC'),
    ]);
    expect(text).toContain('a 1.0.0 (MIT)\nb 1.0.0 (MIT)\n\nPermission is\ngranted\n');
    expect(text).toContain('c 1.0.0 (ISC)\n\nISC. It brings no text of its own.');
  });

  it('are the same bill of materials for the same components', () => {
    const components = [component('@scope/a', 'MIT'), component('b', 'MIT/Apache-2.0')];
    const bill = JSON.parse(sbomText(components, '1.2.3'));
    expect(sbomText(components, '1.2.3')).toBe(sbomText(components, '1.2.3'));
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      specVersion: '1.6',
      metadata: { component: { name: 'Pidentify', version: '1.2.3' } },
    });
    expect(bill.components.map(({ purl }: { purl: string }) => purl)).toEqual([
      'pkg:npm/%40scope/a@1.0.0',
      'pkg:npm/b@1.0.0',
    ]);
    expect(bill.components[1].licenses).toEqual([{ expression: 'MIT OR Apache-2.0' }]);
  });
});
