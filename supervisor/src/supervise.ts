import { randomBytes } from 'node:crypto';
import { flushCompileCache } from 'node:module';
import { connectBus } from '@pidentify/bus';
import { parseConfig, type ServiceName, type ShellOrder } from '@pidentify/contracts';
import { openInBrowser, readConfigFile } from '@pidentify/platform';
import { type Announcer, announceFailure, createAnnouncer } from './announcer.ts';
import { launchNode } from './launch-node.ts';
import type { Launched } from './launched.ts';
import { chooseBusAccess, startMessageBus } from './message-bus.ts';
import { type Options, readOptions, usage } from './options.ts';
import { type Ground, prepare } from './prepare.ts';
import { runToEnd } from './run-to-end.ts';
import { serviceEnvironment } from './service-environment.ts';
import { Services } from './services.ts';
import { shareServices } from './share-services.ts';
import { stopOnSignals } from './signals.ts';
import { createStopRequest, Stopping, type StopRequest } from './stop-request.ts';
import type { Surroundings } from './surroundings.ts';
import { waitForApi } from './wait-for-api.ts';
import { watchStdin } from './watch-stdin.ts';
import { linkWindow, type WindowLink } from './window.ts';

/** Longest wait for each to put things away; together less than the 5 s a person waits. */
const stopMs = { recorder: 2_000, server: 1_200, valkey: 600 };

type Parts = {
  given: Surroundings;
  options: Options;
  announcer: Announcer;
  request: StopRequest;
  /** What is started is put here at once, and ended in reverse order. */
  started: AsyncDisposableStack;
  /** Where to read more, once that is known. */
  more: { logs?: string };
};

type Running = { ground: Ground; services: Services };

/** Runs the whole program until it is told to stop. Resolves to the exit status. */
export async function supervise(given: Surroundings): Promise<number> {
  const { out, err } = given;
  let announcer = createAnnouncer({ events: 'text', out, err });
  const request = createStopRequest();
  const started = new AsyncDisposableStack();
  const more: Parts['more'] = {};
  let status = 0;
  try {
    const options = readOptions(given.args, given.cwd);
    if (options.help) {
      out(`${usage}\n`);
      return status;
    }
    announcer = createAnnouncer({ events: options.events, out, err });
    await run({ given, options, announcer, request, started, more });
  } catch (thrown) {
    if (thrown instanceof Stopping) announcer.phase('stopping', `Stopping (${thrown.why}) ...`);
    else status = announceFailure({ thrown, announcer, err, log: more.logs });
  }
  await started.disposeAsync();
  announcer.stopped(status);
  return status;
}

/** From nothing to everything, in order of dependency; then waits. Only ends by throwing. */
async function run(parts: Parts): Promise<never> {
  const { given, options, announcer, request } = parts;
  const ground = await prepare(parts);
  const { folders, logs, log, instance } = ground;
  parts.more.logs = folders.logs;
  const services = new Services({
    log,
    onFailed: ({ name, detail }) =>
      announcer.phase('failed', `The ${name} was given up: ${detail} More in ${logs.path(name)}`),
  });
  const window = Promise.withResolvers<WindowLink>();
  listenForEnd({
    ...parts,
    services,
    ground,
    onOrder: (order) => void window.promise.then((link) => link.order(order)),
  });

  const facts = await startServices({ ...parts, ground, services, onWindow: window.resolve });
  await request.orElse(waitForApi(facts.port));
  const url = `http://127.0.0.1:${facts.port}/`;
  await instance.tellUrl(url);
  announcer.ready({ url, ...facts, version: given.version });
  log('info', `ready ${url}`);
  // Nothing of the compiled code is kept when this process is killed later.
  flushCompileCache();
  if (!options.headless) await openInBrowser({ ...given, url });
  return request.requested;
}

/** Bus and migrations side by side, then server and recorder; resolves when the server is there. */
async function startServices(
  parts: Parts & Running & { onWindow: (window: WindowLink) => void },
): Promise<{ port: number; token: string }> {
  const { given, options, announcer, request, started, ground, services } = parts;
  const { folders, logs, log } = ground;
  const { scripts, webDir, version } = given;
  const watch = (name: ServiceName, launch: () => Launched) => {
    const made = services.watch(name, launch);
    started.defer(() => made.stop(stopMs[name]));
    return made;
  };
  const token = randomBytes(32).toString('hex');
  const access = await chooseBusAccess(given.env);
  const env = serviceEnvironment({ ...given, folders, access, input: options.input, webDir, token, version });
  const node = (name: 'migrate' | 'server' | 'recorder', port?: number) =>
    launchNode({
      script: scripts[name],
      env: { ...env, PIDENTIFY_PORT: port?.toString() },
      log: logs.of(name),
    });

  announcer.phase('bus', 'Starting the message bus and bringing the database up to date ...', 0.2);
  await request.orElse(
    Promise.all([
      access.runBy === 'external'
        ? services.addExternal('valkey')
        : startMessageBus({
            ...given,
            ...given.scripts,
            access,
            env,
            cacheFolder: folders.cache,
            watch: (launch) => watch('valkey', launch),
            logs,
            log,
          }),
      runToEnd(node('migrate'), started),
    ]),
  );

  const bus = connectBus({ ...access, service: 'supervisor', log });
  started.defer(() => bus.close());
  started.defer(shareServices({ bus, services }));
  const window = linkWindow({
    bus,
    request: announcer.request,
    wantsNotifications: async () =>
      (await readConfigFile({ dir: folders.data, parse: parseConfig })).config.notify_new_track,
    log,
  });
  started.defer(window.close);
  parts.onWindow(window);

  announcer.phase('services', 'Starting the server and the recorder ...', 0.5);
  // Pages that are open must find it again after a restart: it keeps the port it got.
  let port = ground.port;
  const server = watch('server', () => node('server', port)).start();
  const recorder = watch('recorder', () => node('recorder')).start();
  // Without it history and settings still work; that it was given up has been told.
  recorder.catch((error: unknown) => log('error', `recorder: ${error}`));
  port = (await request.orElse(server)).port ?? port;
  return { port, token };
}

/** Everybody who may end the program. */
function listenForEnd(parts: Parts & Running & { onOrder: (order: ShellOrder) => void }): void {
  const { given, options, request, announcer, services, ground, onOrder } = parts;
  const { log } = ground;
  stopOnSignals({ onStop: request.stop, onHurry: () => services.killAll() });
  // A fault of ours must not leave the services alone.
  process.once('uncaughtException', request.fail);
  if (!options.watchStdin) return;
  watchStdin({
    input: given.stdin,
    onShutdown: () => request.stop('told to'),
    onEnd: () => request.stop('standard input ended'),
    onOrder,
    onStatus: () => {
      const states = services.health().map(({ name, state }) => `${name} ${state}`);
      announcer.phase('status', states.join(', '));
    },
    log,
  });
}
