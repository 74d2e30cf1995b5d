import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { spawnGuarded } from './guarded.ts';
import { hostPlatform } from './host.ts';
import { startValkey } from './testing/index.ts';

const module = fileURLToPath(new URL('./guarded.ts', import.meta.url));

/** True while the process can be signalled and is not a zombie that nobody has waited for. */
async function isAlive(pid: number): Promise<boolean> {
  const ps = spawn('ps', ['-o', 'stat=', '-p', String(pid)]);
  let text = '';
  ps.stdout.on('data', (chunk) => {
    text += chunk;
  });
  await once(ps, 'close');
  return text.trim() !== '' && !text.startsWith('Z');
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error('it did not come to pass within 3 s');
}

describe('spawnGuarded', () => {
  it('leaves nothing behind when the process that started it is killed', async () => {
    const script = `
      import { spawnGuarded } from ${JSON.stringify(module)};
      const { child } = spawnGuarded({ platform: 'linux', command: 'sleep', args: ['600'], env: process.env });
      console.log(child.pid);
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line));
    expect(await isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(async () => !(await isAlive(pid)));
  });

  it('leaves nothing behind when its guard is killed as well', async () => {
    const script = `
      import { spawnGuarded } from ${JSON.stringify(module)};
      const { child } = spawnGuarded({ platform: 'linux', command: 'sleep', args: ['601'], env: process.env });
      console.log(child.pid);
      setInterval(() => undefined, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line));
    await until(async () => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n');
    await once(spawn('pkill', ['-KILL', '-P', String(pid)]), 'close');
    expect(await isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(async () => !(await isAlive(pid)));
  });

  it('keeps the pid, and leaves the program alone once released', async () => {
    const { child, release } = spawnGuarded({
      platform: hostPlatform(),
      command: 'sh',
      args: ['-c', 'echo $$; read -r line; echo got $line'],
      env: process.env,
    });
    const [first] = await once(child.stdout ?? child, 'data');
    expect(Number(String(first))).toBe(child.pid);
    release();
    child.stdin?.end('hello\n');
    const [second] = await once(child.stdout ?? child, 'data');
    expect(String(second)).toBe('got hello\n');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('startValkey', () => {
  it('hides the password from the list of processes and refuses strangers', async () => {
    const valkey = await startValkey({ password: 'never-to-be-seen' });
    const ps = spawn('ps', ['-eo', 'args']);
    let listing = '';
    ps.stdout.on('data', (chunk) => {
      listing += chunk;
    });
    await once(ps, 'close');
    expect(listing).toContain('valkey-server');
    expect(listing).not.toContain('never-to-be-seen');
    const socket = createConnection(valkey.port, valkey.host);
    socket.write('PING\r\n');
    const [reply] = await once(socket, 'data');
    expect(String(reply)).toContain('NOAUTH');
    socket.destroy();
    await valkey.kill();
  });
});
