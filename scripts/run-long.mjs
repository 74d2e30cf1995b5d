// Plain JavaScript on node: built-ins only, because it runs on Node 20, before the dependencies exist.
import { spawn } from 'node:child_process';

/**
 * Runs a program that may take minutes on a small computer to its end: says so at once, and that it goes on every 15 s. Its
 * output is shown only when it fails: the thrown error has the end of it.
 * @param {{ text: string, command: string, args: string[], options: import('node:child_process').SpawnOptions,
 *   say: (line: string) => void, everyMs?: number }} what
 */
export async function runLong({ text, command, args, options, say, everyMs = 15_000 }) {
  say(`${text} ...`);
  const began = performance.now();
  const again = () => say(`${text} ... (${Math.round((performance.now() - began) / 1000)} s so far)`);
  const timer = setInterval(again, everyMs);
  try {
    const { status, said } = await ended(
      spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }),
    );
    if (status === 0) return;
    const end = said.trim().split('\n').slice(-25).join('\n');
    throw new Error(`${command} ${args.slice(0, 3).join(' ')} failed:\n${end}`);
  } finally {
    clearInterval(timer);
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function ended(child) {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said = `${said}${text}`.slice(-100_000);
    });
  }
  return new Promise((resolve) => {
    child.once('error', (error) => resolve({ status: null, said: `${said}${error.message}` }));
    child.once('close', (status) => resolve({ status, said }));
  });
}
