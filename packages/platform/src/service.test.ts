import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

/** Long, because the machine may be busy; it ends as soon as it is true. */
const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 12_000 });

const module = (name: string) => JSON.stringify(fileURLToPath(new URL(name, import.meta.url)));
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A service whose start and stop are the given code; messages and standard error are collected. */
function service({ start = 'return { port: 7 }', stop = '', ipc = true }) {
  const script = `
    import { runService } from ${module('./service.ts')};
    import { createLog } from ${module('./log.ts')};
    const log = createLog({ service: 'test', level: 'info' });
    setInterval(() => undefined, 1000);
    runService({ log, start: async () => { ${start} }, stop: async () => { ${stop} } });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
  });
  children.push(child);
  const seen = { messages: [] as unknown[], text: '' };
  child.on('message', (message) => seen.messages.push(message));
  child.stderr?.on('data', (chunk) => {
    seen.text += chunk;
  });
  return { child, seen, ended: once(child, 'exit') };
}

const ready = { report: 'ready', port: 7 };

describe('runService', () => {
  it('tells when it is ready, and stops in order when told', async () => {
    const { child, seen, ended } = service({ stop: "log('info', 'put away')" });
    await eventually(() => seen.messages).toEqual([ready]);
    child.send({ order: 'nonsense' });
    child.send({ order: 'stop' });
    expect(await ended).toEqual([0, null]);
    expect(seen.text).toContain('info test: put away');
  });

  it('stops in order when the supervisor is gone', async () => {
    const { child, seen, ended } = service({ stop: "log('info', 'put away')" });
    await eventually(() => seen.messages).toEqual([ready]);
    child.disconnect();
    expect(await ended).toEqual([0, null]);
    expect(seen.text).toContain('put away');
  });

  it('stops although nobody reads its log any more', async () => {
    const { child, seen, ended } = service({
      stop: "for (let i = 0; i < 9; i++) log('info', 'x'.repeat(9999))",
    });
    await eventually(() => seen.messages).toEqual([ready]);
    child.stderr?.destroy();
    child.disconnect();
    expect(await ended).toEqual([0, null]);
  });

  it('leaves Ctrl-C to the supervisor, but not when run by hand', async () => {
    const supervised = service({});
    await eventually(() => supervised.seen.messages).toEqual([ready]);
    supervised.child.kill('SIGINT');
    supervised.child.kill('SIGTERM');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(supervised.child.exitCode).toBeNull();
    expect(await supervised.ended).toEqual([0, null]);
    expect(supervised.seen.text).toContain('stopping: SIGTERM, and no order came');
    const byHand = service({ ipc: false, start: "log('info', 'up')" });
    await eventually(() => byHand.seen.text).toContain('up');
    byHand.child.kill('SIGINT');
    expect(await byHand.ended).toEqual([0, null]);
  });

  it('says why it cannot start', async () => {
    const { seen, ended } = service({
      start: "throw Object.assign(new Error('The port is in use.'), { code: 'port_taken' })",
    });
    expect(await ended).toEqual([1, null]);
    expect(seen.messages).toEqual([{ report: 'failed', code: 'port_taken', message: 'The port is in use.' }]);
  });

  it('does not hang when stopping hangs', async () => {
    const { child, seen, ended } = service({ stop: 'await new Promise(() => undefined)' });
    await eventually(() => seen.messages).toEqual([ready]);
    const begin = performance.now();
    child.disconnect();
    expect(await ended).toEqual([1, null]);
    expect(performance.now() - begin).toBeLessThan(2_900);
  });
});
