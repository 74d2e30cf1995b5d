import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Layout } from './layout.ts';
import type { Step } from './steps.ts';

/**
 * Libraries that stay outside the bundles, because they find files of their own or are loaded late, with what of
 * them is used. Each becomes one file. codec-parser and mpg123 are under the LGPL: whoever wants to can put another
 * version in the place of that one file.
 */
const bundledLibraries: Record<string, { uses: string; format: 'esm' | 'cjs'; external?: string[] }> = {
  'pulseaudio.js': { uses: 'PulseAudio', format: 'cjs' },
  'music-metadata': { uses: 'parseFile', format: 'esm' },
  'mpg123-decoder': { uses: 'MPEGDecoder', format: 'esm' },
  '@wasm-audio-decoders/ogg-vorbis': {
    uses: 'OggVorbisDecoder',
    format: 'esm',
    external: ['codec-parser'],
  },
  'ogg-opus-decoder': { uses: 'OggOpusDecoder', format: 'esm', external: ['codec-parser'] },
  'codec-parser': { uses: '*, default', format: 'esm' },
};

const requireBanner =
  "import { createRequire as createRequireOfBundle } from 'node:module';" +
  'const require = createRequireOfBundle(import.meta.url);';

/** Libraries whose WebAssembly is looked for by name in their own folders, and what of them is used. */
const copiedLibraries: Record<string, readonly string[]> = {
  libflacjs: ['index.js', 'package.json', 'dist/libflac.min.wasm.js', 'dist/libflac.min.wasm.wasm'],
  '@unimusic/chromaprint': ['package.json', 'dist/chromaprint.wasm'],
};

const listed = (layout: Layout, name: string) => join(layout.root, '.tools', 'native', name);
/** Where the files that went into the bundles are listed, for the notices. */
export const shippedFiles = (layout: Layout) => listed(layout, 'shipped-files.json');
/** The same for the web client. */
export const webFiles = (layout: Layout) => listed(layout, 'web-files.json');

export function servicesStep(layout: Layout): Step {
  const { root, services } = layout;
  return {
    name: 'services',
    makes: 'bundling the services, one file a process',
    inputs: [
      'packages',
      'recorder',
      'server',
      'supervisor',
      'web/dist',
      'package.json',
      'package-lock.json',
    ].concat(['scripts/bundle-services.mjs', 'scripts/native/services.ts']),
    outputs: [
      shippedFiles(layout),
      join(services, 'supervisor/src/main.js'),
      join(services, 'web/dist/index.html'),
    ],
    run: async () => {
      const metafile = listed(layout, 'services.json');
      mkdirSync(join(metafile, '..'), { recursive: true });
      const { status } = spawnSync(
        process.execPath,
        [join(root, 'scripts', 'bundle-services.mjs'), services, metafile],
        { cwd: root, stdio: 'inherit' },
      );
      if (status !== 0) throw new Error('The services could not be bundled.');
      const inputs = Object.keys(JSON.parse(readFileSync(metafile, 'utf8')).inputs);
      for (const name of Object.keys(bundledLibraries)) inputs.push(...(await bundleLibrary(layout, name)));
      inputs.push(...copyLibraries(layout));
      writeFileSync(shippedFiles(layout), JSON.stringify([...new Set(inputs)].sort()));
      return undefined;
    },
  };
}

/** Makes `node_modules/NAME/index.js` of one library; returns the paths of what went into it. */
async function bundleLibrary({ root, services }: Layout, name: string): Promise<string[]> {
  const { uses, format, external = [] } = bundledLibraries[name];
  const folder = join(services, 'node_modules', name);
  const { metafile } = await build({
    absWorkingDir: root,
    stdin: { contents: exportsOf(name, uses), resolveDir: root },
    outfile: join(folder, 'index.js'),
    external,
    format,
    // CommonJS inside an ES module asks for Node's own modules by `require`.
    banner: { js: format === 'esm' ? requireBanner : '' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    minifySyntax: true,
    minifyWhitespace: true,
    keepNames: true,
    logLevel: 'error',
    metafile: true,
  });
  const { version, license } = JSON.parse(
    readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'),
  );
  const type = format === 'esm' ? 'module' : 'commonjs';
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name, version, license, type, main: 'index.js' }),
  );
  return Object.keys(metafile.inputs);
}

/** `*` stands for every export with a name. */
function exportsOf(name: string, uses: string): string {
  const parts = uses.split(', ').map((part) => (part === '*' ? part : `{ ${part} }`));
  return parts.map((part) => `export ${part} from '${name}';`).join('\n');
}

/** Returns the paths of what was copied. */
function copyLibraries({ root, services }: Layout): string[] {
  const paths = Object.entries(copiedLibraries).flatMap(([name, files]) =>
    files.map((file) => `node_modules/${name}/${file}`),
  );
  for (const path of paths) cpSync(join(root, path), join(services, path));
  return paths;
}
