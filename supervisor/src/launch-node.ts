import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { errorCodeSchema, fromWireError, PidentifyError, serviceReportSchema } from '@pidentify/contracts';
import { describeEnd, type Launched } from './launched.ts';

export type NodeLaunch = {
  script: string;
  env: Record<string, string | undefined>;
  /** Gets everything it prints. */
  log: Writable;
};

/** Starts a script of ours in its own Node, with an IPC channel whose end tells it that we are gone. */
export function launchNode({ script, env, log }: NodeLaunch): Launched {
  // A small young generation costs nothing measurable and saves 13 MB a process.
  const child = spawn(process.execPath, ['--max-semi-space-size=1', script], {
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    windowsHide: true,
  });
  child.stdout?.pipe(log, { end: false });
  child.stderr?.pipe(log, { end: false });
  const ready = Promise.withResolvers<{ port?: number }>();
  const ended = Promise.withResolvers<string>();
  const end = (how: string) => {
    ready.reject(new PidentifyError('service_failed', `It ${how}.`));
    ended.resolve(how);
  };
  child.on('message', (message) => {
    const parsed = serviceReportSchema.safeParse(message);
    if (!parsed.success) log.write(`supervisor: not understood: ${JSON.stringify(message).slice(0, 200)}\n`);
    else if (parsed.data.report === 'ready') ready.resolve({ port: parsed.data.port });
    else ready.reject(toError(parsed.data));
  });
  child.once('exit', (status, signal) => end(describeEnd(status, signal)));
  child.once('error', (error) => end(`could not be started: ${error.message}`));
  return {
    pid: child.pid ?? null,
    ready: ready.promise,
    ended: ended.promise,
    // A channel that is closed already means that it is ending.
    stop: () => void (child.connected && child.send({ order: 'stop' }, () => undefined)),
    kill: () => void child.kill('SIGKILL'),
  };
}

function toError({ code, message }: { code: string; message: string }): PidentifyError {
  const known = errorCodeSchema.safeParse(code);
  return fromWireError({ code: known.success ? known.data : 'service_failed', message });
}
