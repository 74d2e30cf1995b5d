// Builds the web client into a folder, whole or not at all: `build-web.mjs [FOLDER [LIST]]`, web/dist when none is
// named. LIST gets the files that went into it, as JSON.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const target = resolve(process.argv[2] ?? join(root, 'web', 'dist'));
const fresh = `${target}.new`;

rmSync(fresh, { recursive: true, force: true });
const { output } = await build({
  root: join(root, 'web'),
  logLevel: 'error',
  build: { outDir: fresh, emptyOutDir: true },
});
rmSync(target, { recursive: true, force: true });
renameSync(fresh, target);
const inputs = output.flatMap((file) => (file.type === 'chunk' ? Object.keys(file.modules) : []));
if (process.argv[3]) writeFileSync(process.argv[3], JSON.stringify(inputs));
