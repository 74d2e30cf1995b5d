import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import { eventually, removeFolder, temporaryFolder } from '../program.ts';
import { type Desktop, fakeClone, type Process, programsOf, servicesOf, startDesktop } from './desktop.ts';
import { type DrivenWindow, openWindow } from './driver.ts';
import { installedProgram } from './installed.ts';

/** The real window on a real screen; its supervisor is one that can be told to be slow, to fail and to die. */
export type FakeRun = {
  program: string;
  desktop: Desktop;
  clone: string;
  /** Opens the window; `behaviour`: the words of fake-supervisor.mjs. */
  open(behaviour: string, args?: string[], env?: Record<string, string>): Promise<DrivenWindow>;
  /** Puts another desktop in the place of the one this test was given. */
  useDesktop(options: { hasTray: boolean }): Promise<void>;
  /** The same person, who comes back to a screen of this size (`WIDTHxHEIGHT`). */
  changeScreen(size: string): Promise<void>;
  supervisors(): Process[];
  /** The window's log so far, with what the supervisor said. */
  log(): string;
};

/** Gives every test of a file a desktop of its own; what it returns is filled before each test. */
export function useFakeRun(): FakeRun {
  const run = {} as FakeRun;
  let driven: DrivenWindow | undefined;
  beforeAll(() => {
    run.program = installedProgram();
  }, 1_800_000);
  const setUp = async (options?: { hasTray: boolean }) => {
    run.desktop = await startDesktop(temporaryFolder('window'), options);
    run.clone = fakeClone(run.desktop.folder);
  };
  const tearDown = async () => {
    driven?.stop();
    driven = undefined;
    for (const { pid } of programsOf(run.desktop)) process.kill(pid, 'SIGKILL');
    await run.desktop.stop();
    removeFolder(run.desktop.folder);
  };
  beforeEach(() => setUp());
  afterEach(tearDown);
  run.useDesktop = async (options) => {
    await tearDown();
    await setUp(options);
  };
  run.changeScreen = async (screen) => {
    driven?.stop();
    driven = undefined;
    await run.desktop.stop();
    run.desktop = await startDesktop(run.desktop.folder, { screen });
  };
  run.open = async (behaviour, args = [], more = {}) => {
    const env = { PIDENTIFY_DEV_ROOT: run.clone, PIDENTIFY_FAKE: behaviour, ...more };
    driven = await openWindow({ desktop: run.desktop, program: run.program, args, env });
    return driven;
  };
  run.supervisors = () => servicesOf(run.desktop).filter(({ command }) => command.includes('main.ts'));
  run.log = () =>
    readFileSync(join(run.desktop.env.HOME, '.local/share/com.pidentify.app/logs/window.log'), 'utf8');
  return run;
}

export const onPage = (driven: DrivenWindow): Promise<string> =>
  eventually(driven.url, (url) => url.startsWith('http://127.0.0.1:'), { ms: 15_000, everyMs: 50 });
