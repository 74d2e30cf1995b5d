import { PidentifyError, type ServiceHealth } from '@pidentify/contracts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Launched } from './launched.ts';
import { createRestartPolicy } from './restart-policy.ts';
import { Watch } from './watch.ts';

/** A process of the test's own making: it lives and dies when the test says so. */
function fakeProcess(pid: number) {
  const ready = Promise.withResolvers<{ port?: number }>();
  const ended = Promise.withResolvers<string>();
  const asked: string[] = [];
  const end = (how: string) => {
    ready.reject(new PidentifyError('service_failed', `It ${how}.`));
    ended.resolve(how);
  };
  const launched: Launched = {
    pid,
    ready: ready.promise,
    ended: ended.promise,
    stop: () => asked.push('stop'),
    kill: () => {
      asked.push('kill');
      end('ended by SIGKILL');
    },
  };
  return { launched, asked, end, answer: () => ready.resolve({ port: 7 }), fail: ready.reject };
}

function watched() {
  vi.useFakeTimers();
  const processes: ReturnType<typeof fakeProcess>[] = [];
  const states: string[] = [];
  const watch = new Watch({
    name: 'recorder',
    launch: () => {
      const made = fakeProcess(processes.length + 1);
      processes.push(made);
      return made.launched;
    },
    policy: createRestartPolicy(() => Date.now()),
    onChange: ({ state }: ServiceHealth) => states.push(state),
  });
  const settle = (ms = 0) => vi.advanceTimersByTimeAsync(ms);
  return { watch, processes, states, settle };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('Watch', () => {
  it('runs once the process answers', async () => {
    const { watch, processes, states } = watched();
    const started = watch.start();
    processes[0].answer();
    expect(await started).toEqual({ port: 7 });
    expect(states).toEqual(['starting', 'running']);
    expect(watch.health).toMatchObject({ name: 'recorder', state: 'running', pid: 1, restarts: 0 });
  });

  it('starts again after a pause, and says why it had to', async () => {
    const { watch, processes, states, settle } = watched();
    watch.start();
    processes[0].answer();
    await settle();
    processes[0].end('ended by SIGKILL');
    await settle();
    expect(watch.health).toMatchObject({
      state: 'restarting',
      pid: null,
      restarts: 1,
      detail: expect.stringContaining('The recorder ended by SIGKILL.'),
    });
    await settle(100);
    processes[1].answer();
    await settle();
    expect(states).toEqual(['starting', 'running', 'restarting', 'starting', 'running']);
  });

  it('gives up one that never answered after three tries', async () => {
    const { watch, processes, settle } = watched();
    const outcome = expect(watch.start()).rejects.toThrow('The disk is gone.');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      processes[attempt].fail(new PidentifyError('service_failed', 'The disk is gone.'));
      await settle();
      processes[attempt].end('ended with status 1');
      await settle(1_000);
    }
    expect(watch.health.state).toBe('failed');
    expect(processes).toHaveLength(3);
    await outcome;
  });

  it('gives up one that dies again and again, until somebody restarts it', async () => {
    const { watch, processes, settle } = watched();
    watch.start();
    for (let life = 0; life < 8; life += 1) {
      processes[life].answer();
      await settle();
      processes[life].end('ended with status 1');
      await settle(5_000);
    }
    expect(watch.health).toMatchObject({ state: 'failed', restarts: 7 });
    const restarted = watch.restart();
    processes[8].answer();
    await restarted;
    expect(watch.health.state).toBe('running');
  });

  it('leaves a slow one alone, and kills one that does not answer within five minutes', async () => {
    const { watch, processes, settle } = watched();
    watch.start();
    await settle(299_999);
    expect(processes[0].asked).toEqual([]);
    await settle(1);
    expect(processes[0].asked).toEqual(['kill']);
    expect(watch.health.detail).toContain('The recorder did not answer within 5 minutes.');
    await settle(100);
    expect(processes).toHaveLength(2);
    await settle(299_000);
    processes[1].answer();
    await settle();
    expect(watch.health.state).toBe('running');
  });

  it('stops one that listens, and kills one that does not', async () => {
    const { watch, processes, states, settle } = watched();
    watch.start();
    processes[0].answer();
    await settle();
    const stopped = watch.stop(2_000);
    expect(processes[0].asked).toEqual(['stop']);
    await settle(1_999);
    expect(processes[0].asked).toEqual(['stop']);
    await settle(1);
    await stopped;
    expect(processes[0].asked).toEqual(['stop', 'kill']);
    expect(states.slice(-2)).toEqual(['stopping', 'stopped']);
    await settle(60_000);
    expect(processes).toHaveLength(1);
  });

  it('does not start again what is stopped during the pause', async () => {
    const { watch, processes, settle } = watched();
    watch.start();
    processes[0].answer();
    await settle();
    processes[0].end('ended with status 1');
    await settle();
    await watch.stop(100);
    await settle(60_000);
    expect(processes).toHaveLength(1);
    expect(watch.health.state).toBe('stopped');
  });

  it('restarts at once when asked to, which is no death', async () => {
    const { watch, processes, settle } = watched();
    watch.start();
    processes[0].answer();
    await settle();
    const restarted = watch.restart();
    expect(processes[0].asked).toEqual(['stop']);
    processes[0].end('ended with status 0');
    await settle();
    processes[1].answer();
    await restarted;
    expect(watch.health).toMatchObject({ state: 'running', pid: 2, restarts: 0 });
  });

  it('restarts one that hangs', async () => {
    const { watch, processes, settle } = watched();
    watch.start();
    processes[0].answer();
    await settle();
    const restarted = watch.restart();
    await settle(3_000);
    expect(processes[0].asked).toEqual(['stop', 'kill']);
    processes[1].answer();
    await restarted;
    await settle(60_000);
    expect(watch.health).toMatchObject({ state: 'running', pid: 2 });
  });
});
