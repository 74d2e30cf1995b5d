import { spawn } from 'node:child_process';
import { type Environment, hasScreen, type Platform } from './host.ts';

/** Shows a page in the person's browser; false where there is none, which is nothing bad. */
export async function openInBrowser(options: {
  platform: Platform;
  env: Environment;
  url: string;
}): Promise<boolean> {
  const { platform, env, url } = options;
  const command = { linux: 'xdg-open', macos: 'open', windows: 'explorer.exe' }[platform];
  // Without a screen xdg-open would start a browser inside the terminal.
  if (!hasScreen({ platform, env })) return false;
  const child = spawn(command, [url], { stdio: 'ignore', detached: true });
  const { promise, resolve } = Promise.withResolvers<boolean>();
  child.once('spawn', () => resolve(true));
  child.once('error', () => resolve(false));
  child.unref();
  return promise;
}
