import { describe, expect, it } from 'vitest';
import { eventually, sleep } from '../program.ts';
import { allGone, closeByButton, servicesOf, visibleWindows } from './desktop.ts';
import type { DrivenWindow } from './driver.ts';
import { onPage, useFakeRun } from './fake-run.ts';
import { chooseInTray, notifications, trayItems } from './tray.ts';

/** The tray as a panel of the desktop sees it, and notifications as the desktop shows them. */
const run = useFakeRun();

const labels = () =>
  trayItems(run.desktop)
    .map(({ label }) => label)
    .filter(Boolean);
const request = (driven: DrivenWindow, wish: object) =>
  driven.evaluate(
    `fetch('/request?json=' + encodeURIComponent(${JSON.stringify(JSON.stringify(wish))})).then((answer) => answer.text())`,
  );
const logged = (text: string) =>
  eventually(
    async () => run.log(),
    (log) => log.includes(text),
    { ms: 5000, everyMs: 50 },
  );
const visible = (count: number, ms = 3000) =>
  eventually(
    async () => visibleWindows(run.desktop),
    (found) => found === count,
    { ms, everyMs: 50 },
  );

describe('the tray', () => {
  it('shows what plays, and gives the orders that are chosen in it', async () => {
    const driven = await run.open('');
    await onPage(driven);
    expect(labels()).toEqual(['Nothing plays', 'Open Pidentify', 'Scan now', 'Pause listening', 'Quit']);
    expect(trayItems(run.desktop)[0].enabled).toBe(false);
    await request(driven, { kind: 'tray', nowPlaying: 'Fats Waller – Ain’t Misbehavin’', listening: true });
    await eventually(
      async () => labels()[0],
      (label) => label === 'Fats Waller – Ain’t Misbehavin’',
    );
    chooseInTray(run.desktop, 'Scan now');
    await logged('order: {"cmd":"scan_now"}');
    chooseInTray(run.desktop, 'Pause listening');
    await logged('order: {"cmd":"set_listening","listening":false}');
    const isPaused = () =>
      trayItems(run.desktop).some(({ label, checked }) => label.startsWith('Pause') && checked);
    expect(isPaused()).toBe(true);
    await request(driven, { kind: 'tray', nowPlaying: null, listening: false });
    await eventually(
      async () => labels()[0],
      (label) => label === 'Nothing plays',
    );
    expect(isPaused()).toBe(true);
    chooseInTray(run.desktop, 'Pause listening');
    await logged('order: {"cmd":"set_listening","listening":true}');
    expect(isPaused()).toBe(false);
  });

  it('shows a title letter by letter', async () => {
    const driven = await run.open('');
    await onPage(driven);
    await request(driven, { kind: 'tray', nowPlaying: 'Simon & Garfunkel – A_B && C', listening: true });
    await eventually(
      async () => labels()[0],
      // As a panel gets it: an underscore marks the letter that chooses an item, two are one.
      (label) => label === 'Simon & Garfunkel – A__B && C',
    );
  });

  it('brings the window back, and quits', async () => {
    const driven = await run.open('');
    await onPage(driven);
    await request(driven, { kind: 'set_close_to_tray', enabled: true });
    await logged('"closeToTray":true');
    closeByButton(run.desktop);
    await visible(0);
    expect(run.supervisors()).toHaveLength(1);
    chooseInTray(run.desktop, 'Open Pidentify');
    await visible(1);
    chooseInTray(run.desktop, 'Quit');
    await allGone(run.desktop, 3000);
    expect(run.log()).toContain('stopped: exit status: 0');
  });

  it('is where a start at login stays', async () => {
    await run.open('', ['--background']);
    await logged('the page is at port');
    await sleep(1000);
    expect(visibleWindows(run.desktop)).toBe(0);
    chooseInTray(run.desktop, 'Open Pidentify');
    await visible(1);
  });
});

describe('a window that hides in the tray', () => {
  it('shows itself when the services do not come up, since nothing listens', async () => {
    const driven = await run.open('fail', ['--background']);
    await visible(1, 5000);
    expect(await driven.text()).toContain('made by a newer Pidentify');
  });
});

describe('a desktop that shows no tray', () => {
  it('is told so to the page, and no window hides there for good', async () => {
    await run.useDesktop({ hasTray: false });
    const driven = await run.open('', ['--background']);
    await logged('"tray":false');
    await visible(1, 15_000);
    await onPage(driven);
    await request(driven, { kind: 'set_close_to_tray', enabled: true });
    await logged('"closeToTray":true');
    closeByButton(run.desktop);
    await allGone(run.desktop, 3000);
    expect(servicesOf(run.desktop)).toEqual([]);
  });
});

describe('a notification', () => {
  it('is shown by the desktop', async () => {
    const driven = await run.open('');
    await onPage(driven);
    await request(driven, { kind: 'notify', title: 'Ain’t Misbehavin’', body: 'Fats Waller · 1929' });
    await eventually(
      async () => notifications(run.desktop),
      (found) => found.length > 0,
      { ms: 5000 },
    );
    expect(notifications(run.desktop)).toEqual([{ title: 'Ain’t Misbehavin’', text: 'Fats Waller · 1929' }]);
  });

  it('shows text, not markup, whatever a title holds', async () => {
    const driven = await run.open('');
    await onPage(driven);
    await request(driven, { kind: 'notify', title: 'R&B <b>', body: 'Q&A <b>bold</b> · <i>' });
    await eventually(
      async () => notifications(run.desktop),
      (found) => found.length > 0,
      { ms: 5000 },
    );
    // dunst takes markup in a body, and says so; a title never has any.
    expect(notifications(run.desktop)).toEqual([
      { title: 'R&B <b>', text: 'Q&amp;A &lt;b&gt;bold&lt;/b&gt; · &lt;i&gt;' },
    ]);
  });
});
