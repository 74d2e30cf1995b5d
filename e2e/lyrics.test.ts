import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PulseRig, startPulseRig } from '@pidentify/platform/testing';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeLrclib, startFakeLrclib } from '../server/src/testing/fake-lrclib.ts';
import { playAndTime } from './first-sound.ts';
import { chaosland, feelings, makeLibrary } from './library.ts';
import {
  eventually,
  type Program,
  removeFolder,
  run,
  sleep,
  startProgram,
  temporaryFolder,
} from './program.ts';
import { shoot } from './shoot.ts';

/** Lyrics in a real browser, of real sound that is played 1.8 % too fast. */
const folder = temporaryFolder('lyrics');
const [data, music] = [join(folder, 'data'), join(folder, 'music')];
/** Screenshots to look at; kept when the variable names a folder. */
const shots = process.env.PIDENTIFY_SHOTS ?? join(folder, 'shots');
const deckSpeed = 1.018;
const everySeconds = 2;
let lrclib: FakeLrclib;
let rig: PulseRig;
let program: Program;
let browser: Browser;
let page: Page;
let playing: Awaited<ReturnType<typeof playAndTime>>;

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'];

beforeAll(async () => {
  for (const needed of [shots, data]) mkdirSync(needed, { recursive: true });
  makeLibrary(music, [chaosland(), feelings()]);
  const { artist, album, title } = chaosland();
  const lines = Array.from({ length: 100 }, (_, at) => {
    const seconds = at * everySeconds;
    const minutes = String(Math.floor(seconds / 60)).padStart(2, '0');
    return `[${minutes}:${String(seconds % 60).padStart(2, '0')}.00]Sung at ${seconds} s`;
  });
  writeFileSync(join(music, artist, album, `01 - ${title}.lrc`), `[ti:${title}]\n${lines.join('\n')}\n`);
  lrclib = await startFakeLrclib();
  lrclib.tracks.set('Feelings', { syncedLyrics: '[00:00.00]From the beginning\n[04:40.00]To the end' });
  writeFileSync(join(data, 'config.yaml'), `lrclib_url: ${lrclib.url}\n`);
  rig = await startPulseRig({ sinks: [{ name: 'deck' }] });
  program = await startProgram({ data, music, input: 'deck.monitor', env: rig.env });
  await eventually(
    program.health,
    ({ index, input }) => index.state === 'ready' && input.state === 'listening',
    { ms: 120_000 },
  );
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
  await page.goto(program.url);
});
afterAll(async () => {
  playing?.playing.stop();
  await browser?.close();
  await program?.stop();
  await rig?.stop();
  await lrclib?.close();
  removeFolder(folder);
});

const list = () => page.getByRole('list', { name: 'Lyrics' });
const scrolledTo = () => list().evaluate((element) => element.scrollTop);

const takePictures = (name: string) => shoot(page, name, { folder: shots, height: 800, fullPage: true });

describe('lyrics', () => {
  it('are followed at the speed of the deck', async () => {
    const fast = join(folder, 'fast.wav');
    const filter = `asetrate=${44_100 * deckSpeed},aresample=44100`;
    run('ffmpeg', ['-v', 'error', '-y', '-i', chaosland().source, '-af', filter, fast]);
    playing = await playAndTime(rig, fast);
    await list().waitFor({ timeout: 30_000 });
    // Each change of the marked line, by the clock, as the page makes it.
    await list().evaluate((element) => {
      const seen: [number, string][] = [];
      (window as unknown as { seen: typeof seen }).seen = seen;
      const marked = () => element.querySelector('[aria-current]')?.textContent ?? '';
      let before = marked();
      const look = () => {
        const words = marked();
        // The first mark tells when the list was there, in the middle of a line, and not when that began.
        if (words !== before && before !== '') seen.push([Date.now(), words]);
        before = words;
      };
      new MutationObserver(look).observe(element, { subtree: true, attributeFilter: ['aria-current'] });
    });
    await sleep(Math.max(0, playing.startedMs + 75_000 - Date.now()));
    const seen = await page.evaluate(() => (window as unknown as { seen: [number, string][] }).seen);
    const late = seen.map(([atMs, words]) => {
      const sungMs = (Number(/\d+/.exec(words)?.[0]) * 1000) / deckSpeed;
      return Math.round(atMs - playing.startedMs - sungMs);
    });
    console.log(`ms late, line by line: ${late.join(' ')}`);
    // Without the speed the last would be a second late and more than the first.
    expect(late.length).toBeGreaterThan(25);
    expect(Math.max(...late)).toBeLessThan(400);
    expect(Math.min(...late)).toBeGreaterThan(-400);
    const numbers = seen.map(([, words]) => Number(/\d+/.exec(words)?.[0]));
    expect(numbers).toEqual(numbers.map((_, at) => numbers[0] + at * everySeconds));
  });

  it('keep the sung line in sight, and never move the page', async () => {
    await sleep(800);
    const [box, line] = [await list().boundingBox(), await list().locator('[aria-current]').boundingBox()];
    if (!box || !line) throw new Error('there is no line to be seen');
    expect(line.y).toBeGreaterThan(box.y + 20);
    expect(line.y + line.height).toBeLessThan(box.y + box.height - 20);
    expect(await page.evaluate(() => window.scrollY)).toBe(0);
    await takePictures('lyrics');
  });

  it('leave a person who scrolls to read, and follow again some seconds later', async () => {
    await list().hover();
    await page.mouse.wheel(0, -20_000);
    await sleep(700);
    const top = await scrolledTo();
    await sleep(3500);
    expect(await scrolledTo()).toBe(top);
    await eventually(scrolledTo, (at) => at > top + 100, { ms: 10_000 });
  });

  it('do not glide for whoever wants no motion', async () => {
    const behaviour = () => list().evaluate((element) => getComputedStyle(element).scrollBehavior);
    expect(await behaviour()).toBe('smooth');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await behaviour()).toBe('auto');
    await page.emulateMedia({ reducedMotion: null });
  });

  it('are asked for at LRCLIB once that was switched on, and not before', async () => {
    playing.playing.stop();
    playing = await playAndTime(rig, feelings().source);
    await page.getByRole('heading', { name: 'Feelings' }).waitFor({ timeout: 40_000 });
    const offer = page.getByRole('button', { name: 'Look for lyrics at LRCLIB' });
    await offer.waitFor();
    await takePictures('lyrics-offer');
    expect(lrclib.calls).toEqual([]);
    await offer.click();
    await list().getByText('From the beginning').and(page.locator('[aria-current]')).waitFor();
    const { artist, album } = feelings();
    expect(lrclib.calls.map(({ query }) => query)).toEqual([
      { artist_name: artist, track_name: 'Feelings', album_name: album, duration: '288' },
    ]);
    await page.reload();
    await list().getByText('From the beginning').waitFor();
    expect(lrclib.calls).toHaveLength(1);
  });
});
