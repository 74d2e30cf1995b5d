// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { startPageServer } from '../../../dev/page-server.ts';
import { renderPage } from '../../../dev/render-page.tsx';
import type { ScenarioName } from '../../../dev/scenarios.ts';
import { UnknownPage } from './UnknownPage.tsx';

let end: () => Promise<void>;

async function open(scenario: ScenarioName) {
  const server = await startPageServer({ scenario });
  const page = await renderPage(<UnknownPage />);
  end = async () => {
    page.live.stop();
    await server.close();
    cleanup();
  };
  return { server, page };
}

afterEach(() => end());

const rows = () => screen.queryAllByText(/^Heard (once|\d+ times)/);

describe('Unknown tracks', () => {
  test('says so when there are none', async () => {
    await open('empty');
    expect(await screen.findByText('No unknown tracks.')).toBeTruthy();
  });

  test("shows the server's sentence when they cannot be had", async () => {
    await open('failing');
    expect((await screen.findByRole('alert')).textContent).toContain(
      'Something went wrong inside Pidentify.',
    );
  });

  test('are rows, each with how often it was heard; one without sound cannot be played', async () => {
    await open('confirmed');
    await screen.findByText(/^Heard 24 times/);
    expect(rows()).toHaveLength(5);
    expect(screen.getAllByRole('button', { name: /^Play what was heard/ })).toHaveLength(4);
    expect(screen.getByRole('img', { name: 'Its sound is not kept.' })).toBeTruthy();
  });

  test('are played one at a time', async () => {
    await open('confirmed');
    const [first, second] = await screen.findAllByRole('button', { name: /^Play what was heard/ });
    fireEvent.click(first);
    fireEvent.click(second);
    const player = await screen.findByLabelText('What was heard');
    expect(player.getAttribute('src')).toMatch(/^\/api\/unknown\/.*\/sound$/);
    expect(screen.getAllByRole('button', { name: 'Close the player' })).toHaveLength(1);
  });

  test('are named once for all the times they were heard', async () => {
    const { server } = await open('confirmed');
    fireEvent.click((await screen.findAllByRole('button', { name: /^Name what was heard/ }))[1]);
    const dialog = await screen.findByRole('dialog', { name: 'What is it?' });
    expect(dialog.textContent).toContain('at each of the 3 times');
    fireEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    expect(await within(dialog).findByText('A title is needed.')).toBeTruthy();
    fireEvent.change(within(dialog).getByRole('textbox', { name: /Title/ }), { target: { value: 'Song' } });
    fireEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
    await waitFor(() => expect(rows()).toHaveLength(4));
    expect(server.asked.some((call) => /^POST \/api\/unknown\/.*\/name$/.test(call))).toBe(true);
  });

  test('suggest artists while one is typed, away from the field that comes next', async () => {
    await open('confirmed');
    fireEvent.click((await screen.findAllByRole('button', { name: /^Name what was heard/ }))[1]);
    const dialog = await screen.findByRole('dialog', { name: 'What is it?' });
    const artist = within(dialog).getByRole('combobox', { name: 'Artist' });
    const isOpen = () => artist.getAttribute('aria-expanded') === 'true';
    artist.focus();
    expect(isOpen()).toBe(false);
    const type = (value: string) => fireEvent.change(artist, { target: { value } });
    type('the');
    const option = await screen.findByRole('option', { name: 'The Night Ferries' });
    expect(isOpen()).toBe(true);
    expect(option.closest('[data-position]')?.getAttribute('data-position')).toBe('top');
    fireEvent.keyDown(artist, { key: 'Escape', code: 'Escape' });
    expect(isOpen()).toBe(false);
    type('the n');
    fireEvent.click(await screen.findByRole('option', { name: 'The Night Ferries' }));
    await waitFor(() => expect(isOpen()).toBe(false));
    type('the');
    fireEvent.blur(artist);
    await waitFor(() => expect(isOpen()).toBe(false));
    expect(screen.getByRole('dialog', { name: 'What is it?' })).toBeTruthy();
  });

  test('are deleted after asking', async () => {
    const { server } = await open('confirmed');
    fireEvent.click((await screen.findAllByRole('button', { name: /^More for what was heard/ }))[0]);
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Delete' }));
    const dialog = await screen.findByRole('dialog', { name: 'Delete this unknown track?' });
    expect(server.asked.some((call) => call.startsWith('DELETE'))).toBe(false);
    fireEvent.click(within(dialog).getByRole('button', { name: 'Delete' }));
    await waitFor(() => expect(rows()).toHaveLength(4));
  });

  test('lose their sound after asking, and can still be named', async () => {
    const { server } = await open('confirmed');
    fireEvent.click((await screen.findAllByRole('button', { name: /^More for what was heard/ }))[0]);
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Delete sound' }));
    const dialog = await screen.findByRole('dialog', { name: 'Delete its sound?' });
    expect(server.asked.some((call) => call.startsWith('DELETE'))).toBe(false);
    fireEvent.click(within(dialog).getByRole('button', { name: 'Delete' }));
    await waitFor(() =>
      expect(screen.getAllByRole('img', { name: 'Its sound is not kept.' })).toHaveLength(2),
    );
    expect(rows()).toHaveLength(5);
  });

  test('follow what the recorder hears', async () => {
    const { server, page } = await open('empty');
    await screen.findByText('No unknown tracks.');
    const before = server.asked.filter((call) => call === 'GET /api/unknown').length;
    page.say({ type: 'unknown' });
    await waitFor(() =>
      expect(server.asked.filter((call) => call === 'GET /api/unknown').length).toBe(before + 1),
    );
  });
});
