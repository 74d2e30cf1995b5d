import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { z } from 'zod';
import { eventually } from '../program.ts';
import type { Desktop } from './desktop.ts';

/** The real window, driven over WebDriver. */
export type DrivenWindow = {
  url(): Promise<string>;
  /** Value of a JavaScript expression in the page; a promise is waited for. */
  evaluate(expression: string): Promise<unknown>;
  click(selector: string): Promise<void>;
  text(): Promise<string>;
  /** Ends the driver; the window is expected to be gone. */
  stop(): void;
};

const answerSchema = z.object({ value: z.unknown() });
const sessionSchema = z.object({ sessionId: z.string() });
const elementSchema = z.record(z.string(), z.string());

/** Starts `program` through WebKitWebDriver and waits until its webview can be driven. */
export async function openWindow(options: {
  desktop: Desktop;
  program: string;
  args?: string[];
  env?: Record<string, string>;
}): Promise<DrivenWindow> {
  const { desktop, program, args = [], env = {} } = options;
  const port = await freePort();
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
    env: { ...desktop.env, ...env, TAURI_WEBVIEW_AUTOMATION: 'true' },
    stdio: 'ignore',
  });
  const base = `http://127.0.0.1:${port}`;
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(base + path, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    const { value } = answerSchema.parse(await response.json());
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(value)}`);
    return value;
  };
  await eventually(
    () => ask('GET', '/status'),
    () => true,
    { ms: 10_000, everyMs: 50 },
  );
  const { sessionId } = sessionSchema.parse(
    await ask('POST', '/session', {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { binary: program, args } } },
    }),
  );
  const session = `/session/${sessionId}`;
  const evaluate = (expression: string) =>
    ask('POST', `${session}/execute/async`, {
      script: `const done = arguments[0];
        Promise.resolve().then(() => (${expression})).then(done, (error) => done('threw: ' + (error?.message ?? error)));`,
      args: [],
    });
  return {
    url: async () => z.string().parse(await ask('GET', `${session}/url`)),
    evaluate,
    async click(selector) {
      const found = await ask('POST', `${session}/element`, { using: 'css selector', value: selector });
      const [id] = Object.values(elementSchema.parse(found));
      await ask('POST', `${session}/element/${id}/click`, {});
    },
    text: async () => z.string().parse(await evaluate('document.body.innerText')),
    stop: () => driver.kill('SIGTERM'),
  };
}

/** A port nobody listened at a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === 'object' ? done(address.port) : fail(new Error('no port')),
      );
    });
  });
}
