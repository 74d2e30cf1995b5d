// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { startPageServer } from '../../../dev/page-server.ts';
import { renderPage } from '../../../dev/render-page.tsx';
import type { ScenarioName } from '../../../dev/scenarios.ts';
import { HistoryPage } from './HistoryPage.tsx';

let end: () => Promise<void>;

async function open(scenario: ScenarioName) {
  const server = await startPageServer({ scenario });
  const page = await renderPage(<HistoryPage />);
  end = async () => {
    page.live.stop();
    await server.close();
    cleanup();
  };
  return server;
}

afterEach(() => end());

describe('History', () => {
  test('says so when nothing has played', async () => {
    await open('empty');
    expect(await screen.findByText('Nothing has played yet.')).toBeTruthy();
  });

  test("shows the server's sentence when it cannot be had", async () => {
    await open('failing');
    expect((await screen.findByRole('alert')).textContent).toContain(
      'Something went wrong inside Pidentify.',
    );
  });

  test('fetches further pages', async () => {
    const server = await open('full');
    fireEvent.click(await screen.findByRole('button', { name: 'Show more' }));
    await waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(100));
    expect(server.asked).toContain('GET /api/history?page=2&page_size=50');
  });

  test('deletes several entries after asking', async () => {
    const server = await open('confirmed');
    fireEvent.click(await screen.findByRole('button', { name: 'Select' }));
    const [first, second] = screen.getAllByRole('checkbox');
    fireEvent.click(first);
    fireEvent.click(second);
    fireEvent.click(screen.getByRole('button', { name: 'Delete' }));
    const dialog = await screen.findByRole('dialog', { name: 'Delete 2 entries?' });
    expect(server.asked.some((call) => call.startsWith('DELETE'))).toBe(false);
    fireEvent.click(within(dialog).getByRole('button', { name: 'Delete' }));
    await screen.findByText('22 plays');
    expect(server.asked).toContain('DELETE /api/history/batch');
  });

  test('changes a title and shows it', async () => {
    await open('confirmed');
    fireEvent.click((await screen.findAllByRole('button', { name: 'More for Harbour Lights' }))[0]);
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Edit' }));
    const title = await screen.findByRole('textbox', { name: /Title/ });
    fireEvent.change(title, { target: { value: 'Harbour Nights' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(await screen.findByText('Harbour Nights')).toBeTruthy();
  });

  test('takes a wrong track back, and gives it back on second thoughts', async () => {
    const server = await open('confirmed');
    await screen.findByText('24 plays');
    fireEvent.click((await screen.findAllByRole('button', { name: 'More for Harbour Lights' }))[0]);
    fireEvent.click(await screen.findByRole('menuitem', { name: 'Wrong track' }));
    await screen.findByText('23 plays');
    expect(server.asked.some((call) => /^POST .*\/wrong$/.test(call))).toBe(true);
  });
});
