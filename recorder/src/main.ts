/** The recorder: sound -> clip -> identity -> bus. Wiring only, in the order in which things depend on each other. */
import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createResampler, openRollingBuffer, readCover } from '@pidentify/audio';
import { connectBus } from '@pidentify/bus';
import {
  captureHelperParser,
  type InputHealth,
  listenPhaseText,
  serviceEnvironmentSchema,
} from '@pidentify/contracts';
import { createLog, decodeWithFfmpeg, hostPlatform, runService, systemInputs } from '@pidentify/platform';
import { createAnnouncer } from './announce.ts';
import { createBelief } from './belief.ts';
import { createCapture } from './capture.ts';
import { createInputChooser } from './choose-input.ts';
import { createCutter } from './cut.ts';
import { toDevices } from './devices.ts';
import { createEar } from './ear.ts';
import { createFindCover } from './find-cover.ts';
import { createGate } from './gate/gate.ts';
import { createJudge } from './judge.ts';
import { openKnown } from './known.ts';
import { createLastHeard } from './last-heard.ts';
import { createHearing } from './learn/hear.ts';
import { createLearner } from './learn/learner.ts';
import { keepCover } from './library/cover.ts';
import { openLibrary } from './library/open.ts';
import { createReader } from './library/reader.ts';
import { createMatcher } from './matcher.ts';
import { createNowPlaying } from './now-playing.ts';
import { createOutbox } from './outbox.ts';
import { phaseOf } from './phase.ts';
import { openProviders } from './providers/open.ts';
import { changedParts, readSettings } from './settings.ts';
import { openSideRoom } from './side-room.ts';
import { openStore } from './store.ts';
import { createTape } from './tape.ts';
import { because, troubleIn } from './trouble.ts';
import { openUnknownRoom } from './unknown/open.ts';
import { createRefusedNow } from './unknown/refused-now.ts';
import { createTakenBack } from './unknown/taken-back.ts';
import { createUnnamedStretches } from './unknown/unnamed.ts';
import { createWarnings } from './warnings.ts';

const environment = Object.freeze(serviceEnvironmentSchema.parse(process.env));
const log = createLog({ service: 'recorder', level: environment.LOG_LEVEL });

const trouble = troubleIn(log);
/** What the disk does not take must not stop what listens. */
const attempt = async (what: string, act: () => unknown) => {
  try {
    await act();
  } catch (error) {
    trouble(what)(error);
  }
};

const waits = 'sound waits in memory, and is lost when that is used up';
const bufferText = {
  recording: null,
  disk_full: `The disk is full: ${waits}. Make room on the disk of the data folder.`,
  unwritable: `The data folder cannot be written: ${waits}.`,
};
const heldText = (plays: number) =>
  `The disk takes nothing: ${plays === 1 ? 'a play waits' : `${plays} plays wait`} in memory until it does.`;

let close: () => Promise<void> = async () => undefined;

async function start(): Promise<undefined> {
  const appData = environment.APPDATA_DIR;
  let settings = await readSettings(appData);

  const { store, keptAside } = openStore(appData, () => new Date());
  if (keptAside) log('warn', `recorder.db was damaged and is kept as ${keptAside}`);
  const bus = connectBus({
    host: environment.REDIS_HOST,
    port: environment.REDIS_PORT,
    ...(environment.REDIS_USERNAME && { username: environment.REDIS_USERNAME }),
    ...(environment.REDIS_PASSWORD && { password: environment.REDIS_PASSWORD }),
    service: 'recorder',
    log,
  });
  const announcer = createAnnouncer({ bus, levelEverySeconds: environment.LIVE_STATS_FREQUENCY });
  const warn = createWarnings((warnings) => announcer.update({ warnings }));

  // What is known: the music the user has, its index, and what was heard and named.
  const matcher = createMatcher({
    onDeath(error) {
      trouble('the index thread died')(error);
      process.exit(1);
    },
  });
  const known = openKnown(store);
  const { catalogue, named, sounds } = known;
  const refusedNow = createRefusedNow(Date.now);
  const artwork = join(appData, 'artwork');
  const findCover = createFindCover({
    async cover(path) {
      const cover = await readCover(path);
      return cover && keepCover(artwork, cover);
    },
    onTrouble: trouble('a cover could not be read'),
  });

  // The sound that is kept, as long as the settings say.
  const buffer = await openRollingBuffer({
    directory: join(appData, 'buffer'),
    seconds: settings.buffer_length_seconds,
    onState(state, cause) {
      log('warn', `the rolling buffer is ${state}${cause ? `: ${because(cause)}` : ''}`);
      warn('buffer', bufferText[state]);
    },
  });

  // What is believed, and where it goes.
  const outbox = createOutbox({
    store,
    tell: async (play) => void (await bus.ask('server.remember', play, { timeoutMs: 5000 })),
    onTrouble: (error) => log('info', `a play waits until the server can take it: ${error}`),
    onHeld(plays, error) {
      warn('plays', plays > 0 ? heldText(plays) : null);
      if (plays > 0) return log('error', `${heldText(plays)} ${because(error)}`);
      log('info', 'the plays that waited in memory are written');
      void attempt('names could not be kept', named.writeHeld);
    },
  });
  const nowPlaying = createNowPlaying({
    track: catalogue.trackById,
    named: named.trackById,
    kept: outbox.track,
    findCover,
    remember: outbox.keep,
    display: (playing) => announcer.update({ now_playing: playing }),
    onTrouble: trouble('what was decided could not be carried out'),
  });
  const lastHeard = createLastHeard(store, trouble('until when a play was heard could not be kept'));
  const takenBack = createTakenBack(store);
  const recalled = lastHeard.recall(outbox.last(), {
    sinceMs: createUnnamedStretches(store).leftOpen(),
    bufferEndMs: buffer.span()?.toMs ?? null,
    isTakenBack: (entryId) => takenBack.of(entryId).length > 0,
  });
  const belief = createBelief({ newId: randomUUID, recalled });
  const side = openSideRoom({
    store,
    catalogue,
    newId: randomUUID,
    recalled,
    expectedEndMs: belief.expectedEndMs,
    onStatus: (status) => announcer.update({ side: status }),
    onTrouble: trouble('the end of a side could not be kept'),
  });

  // Who may be asked.
  const { identify, services } = openProviders({
    ...known,
    store,
    matcher,
    fits: side.fits,
    next: side.next,
    onRefused: refusedNow.add,
    onHealth: (providers) => announcer.update({ providers }),
    log,
  });

  // What is made of the sound later.
  const soundReader = createReader();
  const hear = createHearing({ buffer, reader: soundReader });
  /** When the music began that is on, ms; null: there is none. */
  let musicOnsetMs: number | null = null;
  const room = openUnknownRoom({
    ...known,
    appData,
    store,
    buffer,
    hear,
    matcher,
    outbox,
    recalled,
    services,
    refusedNow,
    readAgainMs: 60_000,
    isIdle: () => musicOnsetMs === null || belief.state() === 'confirmed',
    findCover,
    now: Date.now,
    limitMb: () => settings.unknown_sound_mb,
    onChange: () => void bus.publish('recorder.unknown-changed', {}),
    onTrouble: trouble('unknown music could not be kept'),
  });
  services.onChange(room.askServices.kick);
  const learner = createLearner({
    ...known,
    store,
    hear,
    recalled,
    matcher,
    newKey: catalogue.newKey,
    isToLearn: (trackId) => !catalogue.trackById(trackId) && named.trackById(trackId) !== null,
    onLearnt: (trackKey) => room.unknown.learnt(trackKey),
    onTrouble: trouble('a track could not be learnt'),
  });
  const library = openLibrary({
    catalogue,
    index: matcher,
    others: sounds,
    onHealth(index) {
      announcer.update({ index });
      if (index.state === 'ready') room.unknown.kick();
    },
    log,
  });

  // What plays: sound is heard, asked about and decided on. Each of the three hands back to the ones before it.
  const gate = createGate();
  const ear = createEar({
    seconds: 16,
    hopSeconds: 0.25,
    createResampler,
    gate,
    onHop(hop) {
      const heard = { ...hop, sound: gate.judge(hop.rms >= settings.silence_threshold) };
      listener.hop(heard);
      room.unknown.hop(heard, musicOnsetMs);
      if (side.heard(hop.endMs, musicOnsetMs !== null)) showPhase();
      announcer.level(hop);
    },
  });
  const { listener, follow, carryOut } = createJudge({
    belief,
    sound: ear.clip,
    identify,
    services: {
      mayAsk: services.mayAsk,
      async ask(sound, circumstances, first) {
        const told = await services.ask(sound, circumstances, first);
        const { startMs: fromMs, endMs: toMs } = sound;
        room.askServices.answeredLive({ fromMs, toMs }, told.answers);
        return told;
      },
    },
    isRefused: refusedNow.has,
    keepName: (track) => void attempt('a name could not be kept', () => named.remember(track)),
    follow(decisions) {
      lastHeard.decided(decisions);
      const followed = side.follow(decisions);
      void nowPlaying.carryOut(followed);
      return followed;
    },
    takers: [
      (play, onsetMs) => attempt('a play could not be made a lesson', () => learner.played(play, onsetMs)),
      (play, onsetMs) =>
        attempt('a named play could not be taken out of the unknown ones', () => room.played(play, onsetMs)),
    ],
    onState(state) {
      const before = musicOnsetMs;
      musicOnsetMs = 'onsetMs' in state ? state.onsetMs : null;
      if (before === null && musicOnsetMs !== null) library.look();
      if (state.phase === 'paused') room.unknown.stop();
      showPhase();
    },
    trouble,
  });

  // The sound itself.
  let inputHealth: InputHealth = { ...announcer.snapshot().input };
  const showPhase = () =>
    announcer.update(phaseOf(listener.state(), inputHealth, belief.state(), side.isFinished()));
  const capture = createCapture({
    tape: createTape({ buffer, onLost: (frames) => capture.lost(frames) }),
    ear,
    offsetSeconds: () => settings.device_offset,
    onHealth(input) {
      inputHealth = input;
      announcer.update({ input });
      showPhase();
    },
    onStopped() {
      listener.stop(Date.now());
      room.unknown.stop();
    },
  });
  const inputs = systemInputs({
    platform: hostPlatform(),
    env: process.env,
    home: homedir(),
    cache: environment.PIDENTIFY_CACHE_DIR,
    helperParser: captureHelperParser,
  });
  const choose = createInputChooser({
    inputs,
    store,
    session: environment.PIDENTIFY_TOKEN ?? String(process.ppid),
    now: Date.now,
    decodeExternally: decodeWithFfmpeg,
    onProblem: (message) => log('warn', message),
  });
  const inputName = () => environment.PIDENTIFY_INPUT || settings.device;
  const turnToInput = async () => capture.turnTo(choose(inputName(), settings), inputName());

  // What others may ask for.
  bus.answer('recorder.scan-now', () => {
    listener.scanNow();
    return { done: true };
  });
  bus.answer('recorder.listen', ({ listening }) => {
    if (listening) listener.goOn();
    else listener.pause();
    return { done: true };
  });
  bus.answer('recorder.cut', createCutter({ buffer, folder: join(appData, 'temp') }));
  bus.answer('recorder.devices', async () =>
    toDevices(await inputs.listInputs(), await inputs.defaultInput()),
  );
  bus.answer('recorder.look', () => {
    library.look();
    return { done: true };
  });
  bus.answer('recorder.reindex', () => {
    library.refresh();
    return { done: true };
  });
  room.answer(bus, {
    onRefused(entryId, isShown) {
      belief.refuse(entryId);
      if (!isShown) return;
      follow(belief.silence(Date.now()));
      listener.scanNow();
    },
    onRight(entryId) {
      if (musicOnsetMs === null) return;
      carryOut(belief.reinstate(entryId, musicOnsetMs));
      listener.scanNow();
      showPhase();
    },
  });
  const followFolders = () => library.follow([environment.MUSIC_LIBRARY_DIR, ...settings.music_folders]);
  const applySettings = async () => {
    const before = settings;
    settings = await readSettings(appData);
    const changed = changedParts(before, settings);
    if (changed.buffer) buffer.setLength(settings.buffer_length_seconds);
    if (changed.folders) followFolders();
    else library.look();
    services.apply(settings);
    if (changed.unknownSound) room.unknown.kick();
    if (changed.input && !environment.PIDENTIFY_INPUT) await turnToInput();
  };
  bus.subscribe('settings.changed', applySettings);
  bus.onConnection((state) => {
    if (state !== 'connected') return;
    outbox.kick();
    // What was said while the bus was away was not heard.
    applySettings().catch(trouble('the settings could not be read'));
  });

  const damaged = await matcher.open(join(appData, 'index'));
  if (damaged.length > 0)
    log('warn', `parts of the index were damaged and are made again: ${damaged.join(', ')}`);
  followFolders();
  learner.kick();
  await room.unknown.begin();
  turnToInput().catch(trouble('the input could not be opened'));
  announcer.update({ message: listenPhaseText.waiting });

  close = async () => {
    room.askServices.close();
    services.close();
    await capture.close();
    learner.close();
    room.unknown.close();
    soundReader.close();
    await library.close();
    await buffer.close();
    await matcher.close();
    outbox.close();
    announcer.close();
    bus.close();
    store.close();
  };
  return undefined;
}

const lockFile = join(environment.APPDATA_DIR, 'run', 'recorder.lock');
runService({ start, stop: () => close(), log, lockFile });
