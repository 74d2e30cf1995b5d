import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How to see that a tool is there, and the Debian package that has it. */
const tools: readonly { readonly try: readonly [string, ...string[]]; readonly package: string }[] = [
  { try: ['/usr/bin/python3', '-c', 'import numpy'], package: 'python3-numpy' },
  { try: ['/usr/bin/python3', '-c', 'import scipy'], package: 'python3-scipy' },
  { try: ['/usr/bin/python3', '-c', 'import soundfile'], package: 'python3-soundfile' },
  { try: ['ffmpeg', '-version'], package: 'ffmpeg' },
  { try: ['espeak-ng', '--version'], package: 'espeak-ng' },
  { try: ['unzip', '-v'], package: 'unzip' },
];

/**
 * Installs what is missing where this may be done.
 * @throws Error naming the command to run, where it may not
 */
export async function installTools(): Promise<void> {
  const missing: string[] = [];
  for (const { try: command, package: name } of tools) {
    const [program, ...args] = command;
    await run(program, args).catch(() => missing.push(name));
  }
  if (missing.length === 0) return;
  const command = ['install', '-y', '--no-install-recommends', ...missing];
  if (process.getuid?.() !== 0) throw new Error(`missing: run\n  sudo apt-get ${command.join(' ')}`);
  await run('apt-get', ['update']);
  await run('apt-get', command);
}
