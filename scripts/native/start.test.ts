import type { ServiceHealth, ServiceState } from '@pidentify/contracts';
import { describe, expect, it } from 'vitest';
import { allRunning } from './start.ts';

const health = (server: ServiceState, recorder: ServiceState): ServiceHealth[] => {
  const since = new Date(0).toISOString();
  return [
    { name: 'server', state: server, pid: 1, restarts: 0, since },
    { name: 'recorder', state: recorder, pid: 2, restarts: 0, since },
  ];
};

describe('allRunning', () => {
  it('waits for a service that is still starting', async () => {
    const answers = [health('running', 'starting'), health('running', 'running')];
    expect(await allRunning(async () => answers.shift() ?? [])).toEqual(['server', 'recorder']);
  });

  it('does not wait for one that was given up, or for ever', async () => {
    await expect(allRunning(async () => health('running', 'failed'))).rejects.toThrow(
      'Not running: recorder',
    );
    let nowMs = 0;
    const slow = async () => health('starting', 'starting');
    await expect(allRunning(slow, () => (nowMs += 20_000))).rejects.toThrow('Not running: server, recorder');
  });
});
