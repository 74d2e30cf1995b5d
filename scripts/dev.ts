/**
 * `npm run dev [-- OPTIONS]`: the program from its sources, with the options of `npm start`. A changed source of the
 * services starts them anew, a changed source of the page shows in it at once, a changed source of the window compiles
 * and opens it again. Where no window can be compiled, the page opens in the browser.
 *
 * The window itself starts this file in place of the supervisor, with the same lines in and out.
 */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { hostPlatform, openInBrowser, resolveFolders } from '@pidentify/platform';
import { readDevArguments } from './dev/arguments.ts';
import { announceToPerson, passOn } from './dev/lines.ts';
import { servePage } from './dev/page.ts';
import { runServices } from './dev/services.ts';
import { canCompileWindow, runWindow } from './dev/window.ts';

const root = resolve(import.meta.dirname, '..');
const { env } = process;
const platform = hostPlatform();
const { headless, startedByWindow, port, passedOn } = readDevArguments(process.argv.slice(2));
const say = (line: string) => void process.stderr.write(`dev: ${line}\n`);
const write = (line: string) => void process.stdout.write(`${line}\n`);

if (!headless && !startedByWindow && canCompileWindow({ platform, env })) {
  process.exitCode = await runWindow({ root, env, args: process.argv.slice(2), say });
} else {
  const { cache } = resolveFolders({ platform, env, home: homedir(), cwd: process.cwd() });
  const page = await servePage({ root, cacheFolder: join(cache, 'vite'), port });
  const opensBrowser = !headless && !startedByWindow;
  const onReady = (url: string) => (opensBrowser ? openInBrowser({ platform, env, url }) : undefined);
  await runServices({
    root,
    env,
    page,
    args: passedOn,
    orders: startedByWindow ? process.stdin : undefined,
    say,
    hear: startedByWindow ? passOn(write) : announceToPerson({ write, say, onReady }),
  });
  await page.close();
}
process.exit();
