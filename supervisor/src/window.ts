import { randomUUID } from 'node:crypto';
import type { Bus } from '@pidentify/bus';
import {
  type NowPlaying,
  PidentifyError,
  type RecorderSnapshot,
  type ShellOrder,
  type ShellRequest,
  type ShellState,
} from '@pidentify/contracts';
import type { Log } from '@pidentify/platform';
import { shareValue } from './share-value.ts';

const askMs = 3_000;

export type WindowLink = {
  /** What the window wrote: an order of its tray, or how it stands. */
  order: (order: ShellOrder) => void;
  close: () => void;
};

/**
 * Between the native window and the rest: hands on what the page wants of the system, tells the tray what plays and
 * the system of each new track, carries out the tray's orders. There is a window once it has said how it stands;
 * until then whoever wants something of it gets no_window.
 */
export function linkWindow(options: {
  bus: Bus;
  request: (request: ShellRequest) => void;
  /** Whether a person wishes to be told of new tracks. */
  wantsNotifications: () => Promise<boolean>;
  log: Log;
  now?: () => number;
}): WindowLink {
  const { bus, request, log, now = Date.now } = options;
  const begunMs = now();
  let state: ShellState | null = null;
  let told = { tray: '', entry: '' };
  let notifies = false;
  const shared = shareValue({ bus, name: 'supervisor.window', read: () => state });

  const learnWishes = () =>
    options.wantsNotifications().then(
      (wanted) => {
        notifies = wanted;
      },
      (error: unknown) => log('warn', `the settings could not be read: ${error}`),
    );
  void learnWishes();

  function showInTray({ phase, now_playing: playing }: RecorderSnapshot): void {
    const nowPlaying = playing ? titleOf(playing) : null;
    const tray: ShellRequest = { kind: 'tray', nowPlaying, listening: phase !== 'paused' };
    const text = JSON.stringify(tray);
    if (!state || text === told.tray) return;
    told = { ...told, tray: text };
    request(tray);
  }

  function notify({ now_playing: playing }: RecorderSnapshot): void {
    if (playing?.certainty !== 'confirmed' || !playing.entry_id || playing.entry_id === told.entry) return;
    told = { ...told, entry: playing.entry_id };
    // What was playing already when we started has been told of by the run before.
    const isNew = Date.parse(playing.started_at) + earlyMs >= begunMs;
    if (!state || !notifies || !isNew) return;
    const { track_name: title, artist_name: artist, album_name: album } = playing.track;
    request({ kind: 'notify', title: title ?? '', body: [artist, album].filter(Boolean).join(' · ') });
  }

  let last: RecorderSnapshot | null = null;
  const subscriptions = [
    bus.subscribe('recorder.snapshot', (snapshot) => {
      last = snapshot;
      showInTray(snapshot);
      notify(snapshot);
    }),
    bus.subscribe('settings.changed', learnWishes),
  ];
  bus.answer('supervisor.window', (wish) => {
    if (!state) throw new PidentifyError('no_window');
    request(wish);
    return { done: true };
  });

  const folderDialog = createFolderDialog(request);
  bus.answer('supervisor.choose-folder', ({ from }) => {
    if (!state) throw new PidentifyError('no_window');
    return folderDialog.open(from);
  });

  const ask = (what: Promise<unknown>) =>
    void what.catch((error: unknown) => log('warn', `the tray's order was not carried out: ${error}`));

  return {
    order(order) {
      switch (order.cmd) {
        case 'scan_now':
          ask(bus.ask('recorder.scan-now', {}, { timeoutMs: askMs }));
          break;
        case 'set_listening':
          ask(bus.ask('recorder.listen', { listening: order.listening }, { timeoutMs: askMs }));
          break;
        case 'shell_state':
          state = order.state;
          shared.tell();
          // A window that has just been made knows nothing yet.
          told = { ...told, tray: '' };
          if (last) showInTray(last);
          break;
        case 'folder_chosen':
          folderDialog.closed(order);
          break;
      }
    },
    close() {
      shared.end();
      for (const subscription of subscriptions) subscription.close();
    },
  };
}

/** One dialog at a time: who asks for another is answered by the open one, who asked before has chosen nothing. */
function createFolderDialog(request: (request: ShellRequest) => void) {
  let asked: { id: string; answer: (chosen: { path: string | null }) => void } | null = null;
  return {
    open(from: string): Promise<{ path: string | null }> {
      asked?.answer({ path: null });
      const id = randomUUID();
      const { promise, resolve } = Promise.withResolvers<{ path: string | null }>();
      asked = { id, answer: resolve };
      request({ kind: 'choose_folder', id, from });
      return promise;
    },
    closed({ id, path }: Extract<ShellOrder, { cmd: 'folder_chosen' }>): void {
      if (asked?.id !== id) return;
      asked.answer({ path });
      asked = null;
    },
  };
}

/** A track may have begun a little before we did and be found out after. */
const earlyMs = 5_000;

function titleOf({ track }: NowPlaying): string {
  return [track.artist_name, track.track_name].filter(Boolean).join(' – ');
}
