// Bundles each service into one file, for a quick start and little memory: reading some six hundred modules costs
// each process a third of a second and about 10 MB. The sources run as they are without it.
// `bundle-services.mjs [FOLDER [METAFILE]]`: the second gets esbuild's account of what went into which file.
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const target = resolve(process.argv[2] ?? join(root, 'dist', 'services'));
const fresh = `${target}.new`;

/** Files next to each other keep the relative addresses that the sources use. */
const entryPoints = {
  'supervisor/src/main': 'supervisor/src/main.ts',
  'supervisor/src/bus-server': 'supervisor/src/bus-server.ts',
  'server/src/main': 'server/src/main.ts',
  'server/src/migrate': 'server/src/migrate.ts',
  'server/src/flac-worker': 'server/src/rips/flac-worker.ts',
  'recorder/src/main': 'recorder/src/main.ts',
  'recorder/src/matcher-worker': 'recorder/src/matcher-worker.ts',
  'recorder/src/read-worker': 'recorder/src/library/read-worker.ts',
};
/** These find files of their own beside themselves, or are loaded only when a sound file is read. */
const external = [
  'libflacjs',
  'pulseaudio.js',
  'mpg123-decoder',
  '@wasm-audio-decoders/*',
  'ogg-opus-decoder',
  'music-metadata',
];
/** What CommonJS modules expect to find. */
const banner = [
  "import { createRequire as createRequireOfBundle } from 'node:module';",
  'const require = createRequireOfBundle(import.meta.url);',
  'const __filename = import.meta.filename;',
  'const __dirname = import.meta.dirname;',
].join('\n');

rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh, { recursive: true });
const { metafile } = await build({
  absWorkingDir: root,
  entryPoints,
  outdir: fresh,
  external,
  banner: { js: banner },
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  minifySyntax: true,
  minifyWhitespace: true,
  // Stacks in the logs keep the names of functions; a source map would be read into memory by nobody.
  keepNames: true,
  logLevel: 'error',
  metafile: true,
});
cpSync(join(root, 'package.json'), join(fresh, 'package.json'));
cpSync(join(root, 'server', 'migrations'), join(fresh, 'server', 'migrations'), { recursive: true });
cpSync(join(root, 'web', 'dist'), join(fresh, 'web', 'dist'), { recursive: true });
rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);
if (process.argv[3]) writeFileSync(process.argv[3], JSON.stringify(metafile));
