import { spawnSync } from 'node:child_process';

/** What a program said, both streams in one text. */
export type Ran = { ok: boolean; output: string };
export type Run = (command: string, args: string[]) => Ran;

/** Runs a program to its end. */
export const run: Run = (command, args) => {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` };
};

/** Runs it and returns what it said. Throws when it fails. */
export function must(runner: Run, command: string, args: string[]): string {
  const { ok, output } = runner(command, args);
  if (!ok)
    throw new Error(`${command} ${args[0] ?? ''} failed: ${output.trim().split('\n').slice(-15).join('\n')}`);
  return output;
}
