import { join } from 'node:path';
import { type Bus, connectBus } from '@pidentify/bus';
import { PidentifyError, type ServiceEnvironment } from '@pidentify/contracts';
import { createArtworkStore } from './artwork/artwork.ts';
import { artworkRoutes } from './artwork/routes.ts';
import { controlRoutes } from './control/routes.ts';
import { windowRoutes } from './control/window.ts';
import { openDatabase, sqlitePath } from './database/open.ts';
import type { Database } from './database/tables.ts';
import { createEntries } from './history/entries.ts';
import { remember } from './history/remember.ts';
import { historyRoutes } from './history/routes.ts';
import { knownTrack } from './history/tracks.ts';
import { wrongTrackRoutes } from './history/wrong.ts';
import { type App, createApp } from './http/app.ts';
import { createMusicLibrary, type MusicLibrary } from './library/save.ts';
import { Live } from './live/live.ts';
import { liveRoutes } from './live/routes.ts';
import { createFileLyrics } from './lyrics/file-lyrics.ts';
import { createKeptAnswers } from './lyrics/kept-answers.ts';
import { createLrclib } from './lyrics/lrclib.ts';
import { createLyrics, type LyricsRoom } from './lyrics/lyrics.ts';
import { lyricsRoutes } from './lyrics/routes.ts';
import { createFlacWork } from './rips/flac-work.ts';
import { ripRoutes } from './rips/routes.ts';
import { createRipSave } from './rips/save.ts';
import { createRipStart } from './rips/start.ts';
import { createTakes } from './rips/takes.ts';
import { announceSettings } from './settings/announce.ts';
import { settingsRoutes } from './settings/routes.ts';
import { type ConfigFile, SettingsKeeper } from './settings/settings.ts';
import { unknownRoutes } from './unknown/routes.ts';

export type ServerOptions = {
  environment: ServiceEnvironment;
  version: string;
  pid: number;
  configFile: ConfigFile;
};

export type RunningServer = { app: App; port: number; stop: () => Promise<void> };

/**
 * Wires the server, top to bottom, and listens, on loopback unless the environment says otherwise. Waits for nobody: with no bus and no recorder
 * it serves what it can. The database has been migrated before.
 */
export async function startServer({
  environment,
  version,
  pid,
  configFile,
}: ServerOptions): Promise<RunningServer> {
  const app = await createApp({
    logLevel: environment.LOG_LEVEL,
    webFolder: environment.PIDENTIFY_WEB_DIR ?? null,
    names: environment.PIDENTIFY_HOSTS,
  });
  const bus = connectBus({
    host: environment.REDIS_HOST,
    port: environment.REDIS_PORT,
    username: environment.REDIS_USERNAME,
    password: environment.REDIS_PASSWORD,
    service: 'server',
    log: (level, text) => app.log[level](text),
  });
  const database = openDatabase(sqlitePath(environment.DB_URL));
  const settings = await SettingsKeeper.open({ file: configFile, changed: announceSettings(bus) });

  const live = new Live({
    bus,
    version,
    ownService: { name: 'server', state: 'running', pid, restarts: 0, since: new Date().toISOString() },
    warnings: () => settings.warnings,
    givenInput: environment.PIDENTIFY_INPUT || null,
    knownTrack: (track) => knownTrack(database, track),
    log: app.log,
  });
  const flacWork = createFlacWork();
  const artwork = createArtworkStore(join(environment.APPDATA_DIR, 'artwork'));
  const takes = createTakes({
    database,
    folder: join(environment.APPDATA_DIR, 'temp'),
    flacWork,
    margin: () => settings.config.temp_save_offset,
  });
  const entries = createEntries({ database, takeFiles: takes.files, changed: () => live.historyChanged() });
  const library = createMusicLibrary({ folder: environment.MUSIC_LIBRARY_DIR, artwork, flacWork });
  const config = () => settings.config;
  const lyrics = createLyrics({
    fromFile: createFileLyrics(),
    kept: createKeptAnswers({ database, now: Date.now }),
    ask: createLrclib({ url: () => settings.config.lrclib_url, version }),
    isAllowed: () => settings.config.lyrics_from_lrclib,
    now: Date.now,
    log: app.log,
  });

  bus.answer('server.remember', async (play) => {
    const outcome = await remember(database, play);
    if (outcome === 'written') live.historyChanged();
    return { done: true };
  });
  liveRoutes(app, {
    live,
    config,
    websocketUrls: {
      http: environment.HTTP_WEBSOCKET_URL ?? '',
      https: environment.HTTPS_WEBSOCKET_URL ?? '',
    },
    token: environment.PIDENTIFY_TOKEN ?? null,
  });
  lyricsRoutes(app, { live, lyrics });
  historyRoutes(app, { entries });
  wrongTrackRoutes(app, { entries, bus });
  unknownRoutes(app, { bus, folder: join(environment.APPDATA_DIR, 'unknown') });
  settingsRoutes(app, { settings, bus, changed: () => live.warningsChanged() });
  controlRoutes(app, { bus });
  windowRoutes(app, {
    bus,
    folders: {
      music: environment.MUSIC_LIBRARY_DIR,
      data: environment.APPDATA_DIR,
      logs: join(environment.APPDATA_DIR, 'logs'),
    },
  });
  artworkRoutes(app, { artwork });
  ripRoutes(app, {
    entries,
    takes,
    flacWork,
    start: createRipStart({ bus, entries, takes, config, log: app.log }),
    save: createRipSave({ library, entries }),
  });
  const port = await listen(app, environment);
  void tidy(library, app);
  return { app, port, stop: () => stop({ app, lyrics, live, bus, database }) };
}

/** @throws PidentifyError port_taken */
async function listen(
  app: App,
  { PIDENTIFY_PORT: port, PIDENTIFY_LISTEN }: ServiceEnvironment,
): Promise<number> {
  const host = PIDENTIFY_LISTEN === 'all' ? '0.0.0.0' : '127.0.0.1';
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error;
    throw new PidentifyError('port_taken', `(${port})`, { cause: error });
  }
  const address = app.server.address();
  return typeof address === 'object' && address ? address.port : port;
}

async function tidy(library: MusicLibrary, app: App): Promise<void> {
  try {
    await library.tidy();
  } catch (error) {
    // A library that cannot be written says so when something is saved into it.
    app.log.warn({ err: error }, 'the music library could not be tidied');
  }
}

/** In the order of the flow: no more requests, then nothing that serves them. */
async function stop(parts: {
  app: App;
  lyrics: LyricsRoom;
  live: Live;
  bus: Bus;
  database: Database;
}): Promise<void> {
  parts.lyrics.close();
  await parts.app.close();
  parts.live.close();
  parts.bus.close();
  await parts.database.destroy();
}
