import type { Page } from 'playwright-core';
import type { ScenarioName } from './scenarios.ts';

/** One picture of a page in a scenario; `prepare` acts on it first. */
export type Shot = {
  page: string;
  path: string;
  scenario: ScenarioName;
  /** The whole page (usual) or only what is on the screen. */
  full?: boolean;
  prepare?: (page: Page) => Promise<void>;
};

const wait = (page: Page, ms: number) => page.waitForTimeout(ms);

/** Opens the menu of a row of the unknown tracks and chooses in it. */
const openUnknownItem = (item: string) => async (page: Page) => {
  await page
    .getByRole('button', { name: /^More for/ })
    .nth(1)
    .click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  await wait(page, 500);
};

const openMenuItem = (item: string) => async (page: Page) => {
  await page
    .getByRole('button', { name: /^More for/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: item }).click();
  await wait(page, 500);
};

export const shots: readonly Shot[] = [
  ...(['confirmed', 'tentative', 'waiting', 'empty', 'no-input', 'long', 'failing', 'indexing'] as const).map(
    (scenario) => ({ page: 'now', path: '/', scenario }),
  ),
  ...(
    [
      'lyrics-unsynced',
      'lyrics-long',
      'lyrics-none',
      'lyrics-offer',
      'lyrics-loading',
      'lyrics-failing',
    ] as const
  ).map((scenario) => ({ page: 'now', path: '/', scenario })),
  { page: 'now', path: '/', scenario: 'paused' },
  { page: 'now', path: '/', scenario: 'noise' },
  { page: 'now', path: '/', scenario: 'not-known' },
  { page: 'now', path: '/', scenario: 'side' },
  { page: 'now', path: '/', scenario: 'side-finished' },
  { page: 'history', path: '/history', scenario: 'side', full: false },
  { page: 'settings-window', path: '/settings', scenario: 'window' },
  { page: 'settings-window', path: '/settings', scenario: 'window-failing' },
  { page: 'now', path: '/', scenario: 'lost', prepare: (page) => wait(page, 1500) },
  { page: 'history', path: '/history', scenario: 'confirmed' },
  { page: 'history', path: '/history', scenario: 'empty' },
  { page: 'history', path: '/history', scenario: 'failing' },
  { page: 'history', path: '/history', scenario: 'long' },
  { page: 'history', path: '/history', scenario: 'full', full: false },
  {
    page: 'history-menu',
    path: '/history',
    scenario: 'confirmed',
    full: false,
    prepare: async (page) => {
      await page
        .getByRole('button', { name: /^More for/ })
        .first()
        .click();
      await wait(page, 400);
    },
  },
  {
    page: 'history-edit',
    path: '/history',
    scenario: 'confirmed',
    full: false,
    prepare: openMenuItem('Edit'),
  },
  {
    page: 'history-delete',
    path: '/history',
    scenario: 'confirmed',
    full: false,
    prepare: openMenuItem('Delete'),
  },
  {
    page: 'history-select',
    path: '/history',
    scenario: 'full',
    full: false,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Select' }).click();
      await page.getByRole('checkbox').nth(1).check();
      await page.getByRole('checkbox').nth(2).check();
      await wait(page, 300);
    },
  },
  { page: 'unknown', path: '/unknown', scenario: 'confirmed' },
  { page: 'unknown', path: '/unknown', scenario: 'empty' },
  { page: 'unknown', path: '/unknown', scenario: 'failing' },
  { page: 'unknown', path: '/unknown', scenario: 'loading' },
  { page: 'unknown', path: '/unknown', scenario: 'full', full: false },
  {
    page: 'unknown-player',
    path: '/unknown',
    scenario: 'confirmed',
    prepare: async (page) => {
      await page
        .getByRole('button', { name: /^Play what/ })
        .first()
        .click();
      await wait(page, 800);
    },
  },
  {
    page: 'unknown-name',
    path: '/unknown',
    scenario: 'confirmed',
    full: false,
    prepare: async (page) => {
      await page
        .getByRole('button', { name: /^Name what/ })
        .nth(1)
        .click();
      await page.getByRole('combobox', { name: 'Artist' }).fill('the');
      await wait(page, 500);
    },
  },
  {
    page: 'unknown-delete',
    path: '/unknown',
    scenario: 'confirmed',
    full: false,
    prepare: openUnknownItem('Delete'),
  },
  {
    page: 'unknown-delete-sound',
    path: '/unknown',
    scenario: 'confirmed',
    full: false,
    prepare: openUnknownItem('Delete sound'),
  },
  {
    page: 'now-wrong',
    path: '/',
    scenario: 'confirmed',
    full: false,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Wrong track' }).click();
      await wait(page, 600);
    },
  },
  { page: 'rip', path: '/rip/:id', scenario: 'confirmed', prepare: (page) => wait(page, 1200) },
  { page: 'rip', path: '/rip/:id', scenario: 'long', prepare: (page) => wait(page, 1200) },
  { page: 'rip', path: '/rip/:id', scenario: 'failing' },
  {
    page: 'rip-saved',
    path: '/rip/:id',
    scenario: 'confirmed',
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Save to library' }).click();
      await wait(page, 600);
    },
  },
  {
    page: 'rip-notsaved',
    path: '/rip/:id',
    scenario: 'confirmed',
    prepare: async (page) => {
      await page.getByLabel('Title').fill('Disk full');
      await page.getByRole('button', { name: 'Save to library' }).click();
      await wait(page, 600);
    },
  },
  { page: 'settings', path: '/settings', scenario: 'confirmed' },
  { page: 'settings', path: '/settings', scenario: 'indexing' },
  { page: 'settings', path: '/settings', scenario: 'no-input' },
  { page: 'settings', path: '/settings', scenario: 'input-given' },
  { page: 'settings', path: '/settings', scenario: 'failing' },
  ...(
    [
      'settings-loading',
      'settings-failing',
      'inputs-failing',
      'config-loading',
      'health-loading',
      'health-failing',
      'health-empty',
      'health-full',
    ] as const
  ).map((scenario) => ({ page: 'settings', path: '/settings', scenario })),
  { page: 'settings', path: '/settings', scenario: 'services-failing' },
  { page: 'settings', path: '/settings', scenario: 'services-resting' },
  { page: 'settings', path: '/settings', scenario: 'no-key' },
  {
    page: 'settings-unknown',
    path: '/settings',
    scenario: 'confirmed',
    full: false,
    prepare: async (page) => {
      await page.getByRole('button', { name: 'Delete all sound' }).click();
      await wait(page, 500);
    },
  },
  {
    page: 'settings-wrong',
    path: '/settings',
    scenario: 'confirmed',
    prepare: async (page) => {
      await page.getByLabel('Keep the last').fill('0');
      await page.getByLabel('Keep the last').press('Enter');
      await page.getByLabel('Folder to add').fill('/mnt/missing');
      await page.getByRole('button', { name: 'Add' }).click();
      await wait(page, 600);
    },
  },
  {
    page: 'settings-device',
    path: '/settings',
    scenario: 'confirmed',
    full: false,
    prepare: async (page) => {
      await page.getByRole('combobox', { name: 'Input' }).click();
      await wait(page, 400);
    },
  },
  { page: 'nothing', path: '/no/such/page', scenario: 'confirmed' },
];
