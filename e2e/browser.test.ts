import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type PulseRig, startPulseRig } from '@pidentify/platform/testing';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chaosland, makeLibrary } from './library.ts';
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

/** What a person sees: from sound to the screen to a tagged file on disk, in a real browser. */
const folder = temporaryFolder('browser');
const music = join(folder, 'music');
/** Screenshots to look at; kept when the variable names a folder. */
const shots = process.env.PIDENTIFY_SHOTS ?? join(folder, 'shots');
let rig: PulseRig;
let program: Program;
let browser: Browser;
let page: Page;
const complaints: string[] = [];

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

beforeAll(async () => {
  mkdirSync(shots, { recursive: true });
  makeLibrary(music, [chaosland()]);
  rig = await startPulseRig({ sinks: [{ name: 'deck' }] });
  program = await startProgram({ data: join(folder, 'data'), music, input: 'deck.monitor', env: rig.env });
  await eventually(
    program.health,
    ({ index, input }) => index.state === 'ready' && input.state === 'listening',
    { ms: 120_000 },
  );
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
  page = await browser.newPage({ viewport: { width: 1100, height: 750 } });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // Answers with an error status are counted below, with their address.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load'))
      complaints.push(message.text());
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
});
afterAll(async () => {
  await browser?.close();
  await program?.stop();
  await rig?.stop();
  removeFolder(folder);
});

const takePictures = (name: string) => shoot(page, name, { folder: shots, height: 750 });

describe('in the browser', () => {
  it('says that it waits for music', async () => {
    await page.goto(program.url);
    await page.getByText('Put a record on').waitFor({ timeout: 15_000 });
    await takePictures('waiting');
  });

  it('shows the track that plays, with its cover, level and progress, without a reload', async () => {
    const playing = rig.playFile('deck', chaosland().source);
    await page.getByRole('heading', { name: 'Escape from Chaosland' }).waitFor({ timeout: 20_000 });
    await page.getByText('Sectoid').first().waitFor();
    const cover = page.getByRole('img', { name: /Cover of Escape/ }).first();
    await cover.waitFor();
    expect(await cover.evaluate((image: HTMLImageElement) => image.naturalWidth ?? 1)).toBeGreaterThan(0);
    await page.getByRole('link', { name: 'Save this track' }).waitFor({ timeout: 20_000 });
    await takePictures('playing');
    await sleep(8000);
    playing.stop();
    await page.getByText('Put a record on').waitFor({ timeout: 12_000 });
  });

  it('lists it in the history, and saves it trimmed and tagged', async () => {
    await page.getByRole('link', { name: 'History' }).first().click();
    await page.getByText('Escape from Chaosland').first().waitFor();
    await takePictures('history');
    await page.getByRole('link', { name: /Save Escape/ }).click();
    await page.getByRole('button', { name: 'Save to library' }).waitFor({ timeout: 30_000 });
    await page.locator('wave, [part="canvases"] canvas, canvas').first().waitFor({ state: 'attached' });
    await takePictures('trim');
    await page.getByLabel('Title').fill('Chaosland, live');
    await page.getByLabel('Track number').fill('3');
    await page.getByRole('button', { name: 'Save to library' }).click();
    await page.getByText('The file is in your music library:').waitFor({ timeout: 30_000 });
    await takePictures('saved');
    const path = (await page.locator('code').first().textContent()) ?? '';
    expect(path).toBe(join(music, 'Sectoid', 'Frets', '03 - Chaosland, live.flac'));
    run('flac', ['-t', '-s', path]);
    expect(run('metaflac', ['--export-tags-to=-', path])).toMatch(/TITLE=Chaosland, live/);
  });

  it('shows input, folders, index and services in the settings', async () => {
    await page.getByRole('link', { name: 'Settings' }).first().click();
    await page.getByText('Knows all your music.').waitFor({ timeout: 30_000 });
    await takePictures('settings');
    await page.getByLabel('Folder to add').fill(join(folder, 'absent'));
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page
      .getByText(/absent/)
      .first()
      .waitFor();
    await takePictures('settings-refused');
  });

  it('met no error on its way', async () => {
    const [entry] = (await program.history()).data;
    // Asked whether it was cut before, the folder that is not there, and lyrics, of which nobody has any.
    const expected = [`404 /api/rip/${entry.entry_id}`, '400 /api/settings', '404 /api/lyrics'];
    expect(complaints.filter((text) => !expected.includes(text))).toEqual([]);
  });
});
