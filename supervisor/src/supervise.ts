import { randomBytes } from 'node:crypto';
import { flushCompileCache } from 'node:module';
import { connectBus } from '@pidentify/bus';
import { PidentifyError, parseConfig, type ServiceName, toPidentifyError } from '@pidentify/contracts';
import { type Log, openInBrowser, readConfigFile, resolveFolders } from '@pidentify/platform';
import { type Announcer, announceFailure, createAnnouncer } from './announcer.ts';
import { createDiskWork, type DiskWork } from './disk-work.ts';
import type { Ending } from './end-process.ts';
import { launchNode } from './launch-node.ts';
import type { Launched } from './launched.ts';
import { chooseBusAccess, startMessageBus } from './message-bus.ts';
import { type Options, readOptions, usage, wantedEvents } from './options.ts';
import { type Ground, prepare } from './prepare.ts';
import { readLastLines } from './read-last-lines.ts';
import { runToEnd } from './run-to-end.ts';
import { serviceEnvironment } from './service-environment.ts';
import { Services } from './services.ts';
import { shareServices } from './share-services.ts';
import { stopOnSignals } from './signals.ts';
import { createStopRequest, Stopping, type StopRequest } from './stop-request.ts';
import type { Surroundings } from './surroundings.ts';
import { tellInput } from './tell-input.ts';
import { type StartTeller, tellStart } from './tell-start.ts';
import { waitForApi } from './wait-for-api.ts';
import { watchStdin } from './watch-stdin.ts';
import { linkWindow, type WindowLink } from './window.ts';

/** Longest wait for each to put things away. */
const stopMs = { recorder: 1_300, server: 400, valkey: 300 };
/** For all of them together, and what is written down at last: the window waits for 2.6 s. */
const endMs = 2_400;
/** The window waits for a sign of life for 120 s. */
const tellEveryMs = 15_000;
/** For file work that is under way when all is to end. */
const settleMs = 200;

type Parts = {
  given: Surroundings;
  options: Options;
  announcer: Announcer;
  start: StartTeller;
  request: StopRequest;
  /** What is started is put here at once, and ended in reverse order. */
  started: AsyncDisposableStack;
  disk: DiskWork;
  services: Services;
  window: PromiseWithResolvers<WindowLink>;
  /** What it stands on, once that is known; `failing`: whose log tells most of a failure. */
  known: { logFolder?: string; ground?: Ground; failing?: ServiceName | 'migrate' };
  log: Log;
};

type Running = Parts & { ground: Ground };

/** Runs the whole program until it is told to stop. */
export async function supervise(given: Surroundings): Promise<Ending> {
  const { args, out, err } = given;
  const announcer = createAnnouncer({ events: wantedEvents(args), out, err });
  const start = tellStart({ tell: announcer.phase, everyMs: tellEveryMs });
  const request = createStopRequest();
  const started = new AsyncDisposableStack();
  const disk = createDiskWork();
  const known: Parts['known'] = {};
  let status = 0;
  try {
    const options = readOptions(args, given.cwd);
    if (options.help) {
      out(`${usage}\n`);
      return { status, isStuck: false };
    }
    const log: Log = (level, text) =>
      known.ground ? known.ground.log(level, text) : err(`${level}: ${text}\n`);
    const services = new Services({
      log,
      onFailed: ({ name, detail }) => {
        known.failing = name;
        const path = known.ground?.logs.path(name);
        announcer.phase('failed', `The ${name} was given up: ${detail} More in ${path}`);
      },
    });
    const window = Promise.withResolvers<WindowLink>();
    const parts = { given, options, announcer, start, request, started, disk, services, window, known, log };
    // Before anything that may take long: whoever started us can always end us.
    listenForEnd(parts);
    await run(parts);
  } catch (thrown) {
    if (thrown instanceof Stopping) announcer.phase('stopping', `Stopping (${thrown.why}) ...`);
    else status = announceFailure({ thrown, announcer, err, log: known.logFolder });
  }
  start.end();
  const isStuck = await end({ started, disk, err });
  if (status !== 0 && known.ground && known.failing && !isStuck) {
    announcer.lastLines(await readLastLines(known.ground.logs.path(known.failing)));
  }
  announcer.stopped(status);
  return { status, isStuck };
}

/** Ends what was started, in reverse order; to whether something of it does not come back. */
async function end(parts: Pick<Parts, 'started' | 'disk'> & Pick<Surroundings, 'err'>): Promise<boolean> {
  const { started, disk, err } = parts;
  // What prepares the ground must not go on behind what takes it away.
  await disk.settle(settleMs);
  const late = () => new Error('not everything has ended in time');
  await disk
    .within(started.disposeAsync(), endMs, late)
    .catch((error: Error) => err(`Pidentify: ${error.message}\n`));
  return disk.settle(0);
}

/** From nothing to everything, in order of dependency; then waits. Only ends by throwing. */
async function run(parts: Parts): Promise<never> {
  const { given, options, announcer, start, request, disk, log } = parts;
  const folders = resolveFolders({ ...given, options });
  start.step('folders', 'Looking at the data folder ...', 0.1);
  const late = () => new PidentifyError('data_folder_silent', folders.data);
  const preparing = disk.within(prepare({ ...parts, folders }), given.diskLimitMs, late);
  const ground = await request.orElse(preparing);
  parts.known.ground = ground;
  parts.known.logFolder = folders.logs;

  const facts = await startServices({ ...parts, ground });
  await request.orElse(waitForApi(facts.port));
  const url = `http://127.0.0.1:${facts.port}/`;
  await ground.instance.tellUrl(url);
  start.end();
  announcer.ready({ url, ...facts, version: given.version });
  log('info', `ready ${url}`);
  // Nothing of the compiled code is kept when this process is killed later.
  flushCompileCache();
  if (!options.headless) await openInBrowser({ ...given, url });
  return request.requested;
}

/** Bus and migrations side by side, then server and recorder; resolves when the server is there. */
async function startServices(parts: Running): Promise<{ port: number; token: string }> {
  const { given, options, announcer, start, request, started, ground, services, log } = parts;
  const { folders, logs } = ground;
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

  start.step('bus', 'Starting the message bus and bringing the database up to date ...', 0.2);
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
      runToEnd(node('migrate'), started).catch((error: unknown) => {
        parts.known.failing = 'migrate';
        throw error;
      }),
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
  parts.window.resolve(window);
  started.defer(tellInput({ bus, tell: announcer.input }));

  start.step('services', 'Starting the server and the recorder ...', 0.5);
  // Pages that are open must find it again after a restart: it keeps the port it got.
  let port = ground.port;
  let isAsked = false;
  const startServer = () => {
    const launched = node('server', port);
    launched.ready.catch((error: unknown) => {
      // Somebody took it since it was chosen, as when two start at once: nobody has asked for this one.
      const isTaken = toPidentifyError(error).code === 'port_taken';
      if (isTaken && options.port === undefined && !isAsked) port = 0;
    });
    return launched;
  };
  const server = watch('server', startServer).start();
  const recorder = watch('recorder', () => node('recorder')).start();
  // Without it history and settings still work; that it was given up has been told.
  recorder.catch((error: unknown) => log('error', `recorder: ${error}`));
  port = (await request.orElse(server)).port ?? port;
  isAsked = true;
  return { port, token };
}

/** Everybody who may end the program. */
function listenForEnd({ given, options, request, announcer, services, window, log }: Parts): void {
  stopOnSignals({ onStop: request.stop, onHurry: () => services.killAll() });
  // A fault of ours must not leave the services alone.
  process.once('uncaughtException', request.fail);
  if (!options.watchStdin) return;
  watchStdin({
    input: given.stdin,
    onShutdown: () => request.stop('told to'),
    onEnd: () => request.stop('standard input ended'),
    onOrder: (order) => void window.promise.then((link) => link.order(order)),
    onStatus: () => {
      const states = services.health().map(({ name, state }) => `${name} ${state}`);
      announcer.phase('status', states.join(', '));
    },
    log,
  });
}
