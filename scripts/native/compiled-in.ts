import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Component } from './components.ts';

type Library = { name: string; licence: string; text: string };

const xiph = (name: string): Library => ({ name, licence: 'BSD-3-Clause', text: 'xiph' });

/** Libraries in C that npm packages bring compiled to WebAssembly, without a word about their licences. */
const compiledIn: Record<string, readonly Library[] | undefined> = {
  'mpg123-decoder': [{ name: 'mpg123', licence: 'LGPL-2.1-only', text: 'mpg123' }],
  libflacjs: [xiph('libFLAC'), xiph('libogg')],
  '@wasm-audio-decoders/ogg-vorbis': [xiph('libogg'), xiph('libvorbis')],
  'opus-decoder': [xiph('libopus')],
  '@unimusic/chromaprint': [
    { name: 'chromaprint', licence: 'MIT AND LGPL-2.1-or-later', text: 'chromaprint' },
    { name: 'kissfft', licence: 'BSD-3-Clause', text: 'kissfft' },
  ],
};

/** A licence that refers to another one has to come with it. */
const furtherTexts: Record<string, string | undefined> = { 'LGPL-3.0-or-later': 'gpl-3' };

const textOf = (root: string, name: string) =>
  readFileSync(join(root, 'scripts/native/licences', `${name}.txt`), 'utf8').trim();

/** The components with what is compiled into them, and with every text their licences ask for. */
export function withCompiledIn(root: string, components: readonly Component[]): Component[] {
  return components.flatMap((component) => {
    const inside = (compiledIn[component.name] ?? []).map(
      ({ name, licence, text }): Component => ({
        kind: 'generic',
        name,
        version: `${component.name}-${component.version}`,
        licence,
        texts: [textOf(root, text)],
      }),
    );
    const further = furtherTexts[component.licence];
    const texts = [...component.texts, ...(further ? [textOf(root, further)] : [])];
    return [{ ...component, texts }, ...inside];
  });
}
