/** The recorder: sound -> clip -> identity -> bus. Wiring only, in the order in which things depend on each other. */
import { randomUUID } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createResampler, openRollingBuffer, readCover } from '@pidentify/audio';
import { connectBus } from '@pidentify/bus';
import {
  captureHelperParser,
  type IdentifiedTrack,
  listenPhaseText,
  type ProviderHealth,
  serviceEnvironmentSchema,
} from '@pidentify/contracts';
import { createLog, decodeWithFfmpeg, hostPlatform, runService, systemInputs } from '@pidentify/platform';
import { createAnnouncer } from './announce.ts';
import { type BelievedPlay, createBelief } from './belief.ts';
import { createCapture } from './capture.ts';
import { createInputChooser } from './choose-input.ts';
import { createCutter } from './cut.ts';
import { toDevices } from './devices.ts';
import { createEar } from './ear.ts';
import { createGate } from './gate/gate.ts';
import { createIdentifier } from './identify.ts';
import { createHearing } from './learn/hear.ts';
import { createLearner } from './learn/learner.ts';
import { createLearnt } from './learn/learnt.ts';
import { createLessons } from './learn/lessons.ts';
import { createRefusals } from './learn/refusals.ts';
import { createSounds } from './learn/sounds.ts';
import { createCatalogue } from './library/catalogue.ts';
import { keepCover } from './library/cover.ts';
import { createKeeper } from './library/keeper.ts';
import { createReader } from './library/reader.ts';
import { createFolderWatch } from './library/watch.ts';
import { createListener } from './listen.ts';
import { localProvider } from './local-provider.ts';
import { createMatcher } from './matcher.ts';
import { createNamedTracks } from './named-tracks.ts';
import { createNowPlaying } from './now-playing.ts';
import { createOutbox } from './outbox.ts';
import { phaseOf } from './phase.ts';
import { createInquiry } from './providers/inquiry.ts';
import { createServices } from './providers/services.ts';
import { watched } from './providers/watched.ts';
import { changedParts, readSettings } from './settings.ts';
import { openSideRoom } from './side-room.ts';
import { openStore } from './store.ts';
import { createTape } from './tape.ts';
import { openUnknownRoom } from './unknown/open.ts';

const environment = Object.freeze(serviceEnvironmentSchema.parse(process.env));
const log = createLog({ service: 'recorder', level: environment.LOG_LEVEL });

const because = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
const trouble = (what: string) => (error: unknown) => log('error', `${what}: ${because(error)}`);
/** What the disk does not take must not stop what listens. */
const attempt = async (what: string, act: () => unknown) => {
  try {
    await act();
  } catch (error) {
    trouble(what)(error);
  }
};

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

  // The music the user has, and its index.
  const matcher = createMatcher({
    onDeath(error) {
      trouble('the index thread died')(error);
      process.exit(1);
    },
  });
  const catalogue = createCatalogue(store);
  const sounds = createSounds(store);
  const watch = createFolderWatch({
    onChange: () => keeper.refresh(),
    onTrouble: (folder, error) => log('warn', `${folder} cannot be watched for changes: ${error}`),
  });
  const keeper = createKeeper({
    catalogue,
    index: matcher,
    reader: createReader(),
    others: sounds,
    onFolders: (folders) => watch.follow(folders),
    onHealth(index) {
      announcer.update({ index });
      if (index.state === 'ready') room.unknown.kick();
    },
    onTrouble: trouble('the index could not be brought up to date'),
  });

  // What plays, and what is believed of it.
  const outbox = createOutbox({
    store,
    tell: async (play) => void (await bus.ask('server.remember', play, { timeoutMs: 5000 })),
    onTrouble: (error) => log('info', `a play waits until the server can take it: ${error}`),
  });
  const artwork = join(appData, 'artwork');
  const named = createNamedTracks(store);
  const learnt = createLearnt(store);
  const refusals = createRefusals(store);
  const coverOf = async (path: string) => {
    const cover = await readCover(path);
    return cover && keepCover(artwork, cover);
  };
  const nowPlaying = createNowPlaying({
    track: catalogue.trackById,
    named: named.trackById,
    cover: coverOf,
    remember: outbox.put,
    display: (playing) => announcer.update({ now_playing: playing }),
    onTrouble: trouble('a cover could not be read'),
  });
  const couldNotTell = (provider: string, why: string) =>
    log('warn', `${provider} could not tell what plays: ${why}`);
  const local = watched({
    provider: localProvider({
      matcher,
      catalogue,
      learnt,
      refusals,
      named: named.trackById,
      fits: (trackId) => side.fits(trackId),
      onRefused: (trackIds) => room.refuse(trackIds),
    }),
    now: Date.now,
    onHealth: () => tellProviders(),
  });
  const identify = createIdentifier({ providers: [local], onTrouble: couldNotTell });
  let servicesHealth: ProviderHealth[] = [];
  const tellProviders = () => announcer.update({ providers: [local.health(), ...servicesHealth] });
  const services = createServices({
    store,
    now: Date.now,
    random: Math.random,
    onHealth(health) {
      servicesHealth = health;
      tellProviders();
      room.askServices.kick();
    },
    onTrouble: couldNotTell,
    onUnsaved: trouble('what was used of a service could not be kept'),
  });
  const keepName = (track: IdentifiedTrack) =>
    void attempt('a name could not be kept', () => named.remember(track));
  const inquiry = createInquiry({
    services: {
      mayAsk: services.mayAsk,
      async ask(sound, circumstances, first) {
        const told = await services.ask(sound, circumstances, first);
        const { startMs: fromMs, endMs: toMs } = sound;
        room.askServices.answeredLive({ fromMs, toMs }, told.answer);
        return told;
      },
    },
    sound: (clip) => ear.clip(clip),
    expectedEndMs: () => belief.expectedEndMs(),
    onAnswer(clip, answer) {
      if (answer.kind === 'match' && answer.track) keepName(answer.track);
      listener.answer(clip, answer);
    },
    onTrouble: trouble('a service could not be asked'),
  });
  const recalled = outbox.last();
  const belief = createBelief({ newId: randomUUID, recalled });
  const side = openSideRoom({
    store,
    catalogue,
    newId: randomUUID,
    recalled,
    onStatus: (status) => announcer.update({ side: status }),
    onTrouble: trouble('the end of a side could not be kept'),
  });
  const listener = createListener({
    // What a person said this music is not counts as no answer, whoever gives it.
    belief: {
      ...belief,
      answer: (clip, match, onsetMs) =>
        belief.answer(clip, match && room.isRefused(match.trackId) ? null : match, onsetMs),
    },
    identify: async ({ startMs, endMs }, circumstances) => {
      const sound = ear.clip({ startMs, endMs });
      if (!sound) return { kind: 'cannot_tell' };
      const answer = await identify(sound, circumstances);
      if (answer.kind === 'match' && answer.track) keepName(answer.track);
      return circumstances.onlyLocal ? answer : inquiry.heard({ startMs, endMs }, answer, circumstances);
    },
    onDecisions(decisions) {
      inquiry.decided(decisions);
      const followed = side.follow(decisions);
      void nowPlaying.carryOut(followed);
      for (const decision of followed) if (decision.kind === 'write') learnFrom(decision.play);
    },
    onState({ phase }) {
      if (phase === 'waiting' || phase === 'paused') inquiry.musicEnded();
      if (phase === 'paused') room.unknown.stop();
      showPhase();
    },
  });
  const showPhase = () =>
    announcer.update(phaseOf(listener.state(), capture.health(), belief.state(), side.isFinished()));

  // The sound itself.
  const gate = createGate();
  const ear = createEar({
    seconds: 16,
    hopSeconds: 0.25,
    createResampler,
    gate,
    onHop(hop) {
      const heard = { ...hop, sound: gate.judge(hop.rms >= settings.silence_threshold) };
      listener.hop(heard);
      room.unknown.hop(heard, musicOnsetMs());
      if (side.heard(hop.endMs, musicOnsetMs() !== null)) showPhase();
      announcer.level(hop);
    },
  });
  const buffer = await openRollingBuffer({
    directory: join(appData, 'buffer'),
    seconds: settings.buffer_length_seconds,
    onState: (state, cause) =>
      log('warn', `the rolling buffer is ${state}${cause ? `: ${because(cause)}` : ''}`),
  });
  const soundReader = createReader();
  const hear = createHearing({ buffer, reader: soundReader });
  const lessons = createLessons(store);
  const learner = createLearner({
    store,
    lessons,
    sounds,
    learnt,
    hear,
    index: matcher,
    newKey: catalogue.newKey,
    isToLearn: (trackId) => !catalogue.trackById(trackId) && named.trackById(trackId) !== null,
    onLearnt: (trackKey) => room.unknown.learnt(trackKey),
    onTrouble: trouble('a track could not be learnt'),
  });
  const room = openUnknownRoom({
    appData,
    store,
    buffer,
    hear,
    matcher,
    catalogue,
    sounds,
    learnt,
    lessons,
    refusals,
    named,
    outbox,
    services,
    isIdle: () => musicOnsetMs() === null || belief.state() === 'confirmed',
    cover: coverOf,
    now: Date.now,
    limitMb: () => settings.unknown_sound_mb,
    onRefused() {
      const decisions = belief.silence(Date.now());
      inquiry.decided(decisions);
      void nowPlaying.carryOut(side.follow(decisions));
      listener.scanNow();
    },
    onChange: () => void bus.publish('recorder.unknown-changed', {}),
    onTrouble: trouble('unknown music could not be kept'),
  });
  const musicOnsetMs = () => {
    const state = listener.state();
    return 'onsetMs' in state ? state.onsetMs : null;
  };
  const learnFrom = (play: BelievedPlay) => {
    const onsetMs = musicOnsetMs() ?? play.startMs;
    void attempt('a play could not be made a lesson', () => learner.played(play, onsetMs));
    void attempt('a named play could not be taken out of the unknown ones', () => room.played(play, onsetMs));
  };
  const capture = createCapture({
    tape: createTape({ buffer, onLost: (frames) => capture.lost(frames) }),
    ear,
    offsetSeconds: () => settings.device_offset,
    onHealth(input) {
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
  const turnToInput = () => capture.turnTo(choose(inputName(), settings), inputName());

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
  bus.answer('recorder.reindex', () => {
    keeper.refresh();
    return { done: true };
  });
  room.answer(bus);
  const applySettings = async () => {
    const before = settings;
    settings = await readSettings(appData);
    const changed = changedParts(before, settings);
    if (changed.buffer) buffer.setLength(settings.buffer_length_seconds);
    if (changed.folders) followFolders();
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

  const followFolders = () => keeper.follow([environment.MUSIC_LIBRARY_DIR, ...settings.music_folders]);
  const damaged = await matcher.open(join(appData, 'index'));
  if (damaged.length > 0)
    log('warn', `parts of the index were damaged and are made again: ${damaged.join(', ')}`);
  followFolders();
  learner.kick();
  await room.unknown.begin();
  void turnToInput();
  announcer.update({ message: listenPhaseText.waiting });

  close = async () => {
    room.askServices.close();
    services.close();
    await capture.close();
    watch.close();
    learner.close();
    room.unknown.close();
    soundReader.close();
    await keeper.close();
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
