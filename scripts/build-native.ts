/**
 * `npm run build:native [STEP...]`: everything the native app consists of, then its packages. Without a name: all
 * steps, each left out when nothing has changed. Names: the steps', `payload` for all but the packing, `headless` for
 * those of a container, which has no window. A step that is named is always run.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fetchedValkey, hostPlatform, resolveFolders } from '@pidentify/platform';
import { captureStep } from './native/capture.ts';
import { layoutOf } from './native/layout.ts';
import { noticesStep } from './native/notices.ts';
import { packageStep, sizesStep } from './native/pack.ts';
import { nodeStep, valkeyStep, webStep } from './native/parts.ts';
import { servicesStep, shippedFiles, webFiles } from './native/services.ts';
import { startStep } from './native/start.ts';
import { runSteps, type Step } from './native/steps.ts';
import { targetOf } from './native/target.ts';

const root = resolve(import.meta.dirname, '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
/** Names for several steps. */
const groups = ['payload', 'headless'];
const say = (line: string) => void process.stdout.write(`${line}\n`);

async function main(names: readonly string[]): Promise<void> {
  const { cache } = resolveFolders({
    platform: hostPlatform(),
    env: process.env,
    home: homedir(),
    cwd: process.cwd(),
  });
  const layout = layoutOf(root, targetOf(process.platform, process.arch), cache);
  const payload: Step[] = [
    webStep(layout),
    servicesStep(layout),
    nodeStep(layout),
    ...(process.platform === 'win32' ? [] : [valkeyStep(layout, fetchedValkey(cache))]),
    captureStep(layout, say),
    startStep(layout),
    noticesStep(layout, {
      version,
      fileLists: [shippedFiles(layout), webFiles(layout)],
      manifests: [
        ...(names.includes('headless') ? [] : [join(root, 'src-tauri/Cargo.toml')]),
        join(root, 'capture-helper/Cargo.toml'),
      ],
    }),
  ];
  const steps = [...payload, packageStep(layout, say), sizesStep(layout, say)];
  const unknown = names.filter((name) => !groups.includes(name) && !steps.some((step) => step.name === name));
  if (unknown.length > 0) {
    const known = steps.map(({ name }) => name).join(', ');
    throw new Error(`There is no step ${unknown.join(', ')}: ${known}, ${groups.join(', ')}`);
  }
  const isWanted = (step: Step) =>
    names.length === 0 ||
    names.includes(step.name) ||
    (groups.some((group) => names.includes(group)) && payload.includes(step));
  const stamps = join(root, '.tools', 'native', 'stamps');
  await runSteps({ steps: steps.filter(isWanted), root, stamps, always: new Set(names), say });
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
