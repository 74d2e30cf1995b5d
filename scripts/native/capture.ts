import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Layout } from './layout.ts';
import type { Step } from './steps.ts';

type ProvideCapture = (options: {
  cacheDir: string;
  run: (command: string, args: string[], options: { env: NodeJS.ProcessEnv }) => void;
  say: (line: string) => void;
}) => string;

/** The program that captures where Node cannot: compiled, and laid beside the embedded Node. */
export function captureStep(layout: Layout, say: (line: string) => void): Step {
  const program = layout.program('pidentify-capture');
  return {
    name: 'capture',
    makes: 'compiling the capture helper',
    inputs: ['capture-helper', 'scripts/provide-capture.mjs', 'scripts/native/capture.ts'],
    outputs: [program],
    run: async () => {
      // Plain JavaScript without types: the bootstrap runs it, too.
      const script = new URL('../provide-capture.mjs', import.meta.url).href;
      const { provideCapture } = (await import(script)) as { provideCapture: ProvideCapture };
      const compiled = provideCapture({
        cacheDir: layout.cache,
        say,
        run: (command, args, { env }) => {
          const { status } = spawnSync(command, args, { cwd: layout.root, env, stdio: 'inherit' });
          if (status !== 0) throw new Error('The capture helper does not compile.');
        },
      });
      mkdirSync(dirname(program), { recursive: true });
      copyFileSync(compiled, program);
      return undefined;
    },
  };
}
