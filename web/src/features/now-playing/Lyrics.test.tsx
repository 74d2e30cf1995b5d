// @vitest-environment happy-dom
import { useQuery } from '@tanstack/react-query';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, describe, expect, test } from 'vitest';
import { fakeLyrics, playingStatus, tentativeStatus, waitingStatus } from '../../../dev/fake-data.ts';
import { startPageServer } from '../../../dev/page-server.ts';
import { renderPage } from '../../../dev/render-page.tsx';
import type { ScenarioName } from '../../../dev/scenarios.ts';
import { settingsQuery } from '../../api/queries.ts';
import { NowPlayingPage } from './NowPlayingPage.tsx';

/** Says when the settings are there, before which nothing is offered anyway. */
function WhenSettingsAreThere() {
  const { isSuccess } = useQuery(settingsQuery);
  return isSuccess && <p>The settings are there</p>;
}

describe('Lyrics', () => {
  let server: Awaited<ReturnType<typeof startPageServer>>;
  let page: Awaited<ReturnType<typeof renderPage>>;
  async function open(scenario: ScenarioName) {
    server = await startPageServer({ scenario });
    page = await renderPage(
      <>
        <NowPlayingPage />
        <WhenSettingsAreThere />
      </>,
    );
    await screen.findByRole('heading', { level: 1, name: 'Harbour Lights' });
  }
  afterEach(async () => {
    page.live.stop();
    await server.close();
    cleanup();
  });
  const list = () => screen.findByRole('list', { name: 'Lyrics' });
  const marked = () => document.querySelectorAll('[aria-current="true"]');
  const asked = (call: string) => server.asked.filter((each) => each === call).length;

  test('marks the line that is sung, reckoned with the speed of the deck, and reads none out', async () => {
    await open('confirmed');
    expect((await list()).children).toHaveLength(fakeLyrics.lines.length);
    const started_at = new Date(Date.now() - 100_000).toISOString();
    // A second more or less to render; without the speed it would be the line before.
    const status = { ...playingStatus(), started_at, recorded_at: started_at, speed: 1.03 };
    const lineAt = (seconds: number) => Math.floor((seconds - 8) / 3.5);
    expect(lineAt(103)).not.toBe(lineAt(100));
    const track = status.track && { ...status.track, offset: 0 };
    page.say({ type: 'status', status: { ...status, track } });
    await waitFor(async () => expect((await list()).children[lineAt(103)]).toBe(marked()[0]));
    expect(marked()).toHaveLength(1);
    const section = screen.getByRole('region', { name: 'Lyrics' });
    expect(section.querySelector('[aria-live], [role="status"], [role="alert"]')).toBeNull();
  });

  test('without times they are text, and no line is marked', async () => {
    await open('lyrics-unsynced');
    await list();
    expect(marked()).toHaveLength(0);
    expect(screen.queryByText('♪')).toBeNull();
  });

  test('offers to look at LRCLIB, says what goes there, and does so at once', async () => {
    await open('lyrics-offer');
    const offer = await screen.findByRole('button', { name: 'Look for lyrics at LRCLIB' });
    expect(screen.getByText('No lyrics were found.')).toBeTruthy();
    expect(screen.getByText(/Title, artist, album and length .* go to lrclib\.net/)).toBeTruthy();
    fireEvent.click(offer);
    await list();
    expect(asked('PATCH /api/settings')).toBe(1);
    expect(screen.queryByRole('button', { name: 'Look for lyrics at LRCLIB' })).toBeNull();
  });

  test('does not offer what would not help', async () => {
    await open('lyrics-none');
    await screen.findByText('No lyrics were found.');
    await screen.findByText('The settings are there');
    expect(screen.queryByRole('button', { name: 'Look for lyrics at LRCLIB' })).toBeNull();
  });

  test('does not offer it for a track without an artist, about which nobody is asked', async () => {
    await open('lyrics-offer');
    const status = playingStatus();
    page.say({
      type: 'status',
      status: { ...status, track: status.track && { ...status.track, artist_name: null } },
    });
    await screen.findByText('Unknown artist');
    await screen.findByText('No lyrics were found.');
    await screen.findByText('The settings are there');
    expect(screen.queryByRole('button', { name: 'Look for lyrics at LRCLIB' })).toBeNull();
  });

  test('that cannot be looked up can be asked for again', async () => {
    await open('lyrics-failing');
    await screen.findByText('Lyrics cannot be looked up right now.');
    const before = asked('GET /api/lyrics');
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(asked('GET /api/lyrics')).toBe(before + 1));
  });

  test('are asked for again once a guess is certain, and stay meanwhile', async () => {
    await open('tentative');
    const shown = await list();
    let isGone = false;
    const watch = new MutationObserver(() => {
      isGone ||= !shown.isConnected;
    });
    watch.observe(document.body, { subtree: true, childList: true });
    const { track } = tentativeStatus();
    page.say({ type: 'status', status: { ...playingStatus(), track } });
    await waitFor(() => expect(asked('GET /api/lyrics')).toBe(2));
    expect(await list()).toBe(shown);
    watch.disconnect();
    expect(isGone).toBe(false);
  });

  test('are asked for once a track, and go with it', async () => {
    await open('confirmed');
    await list();
    page.say({ type: 'status', status: { ...playingStatus(), message: 'Three scans agree.' } });
    const status = playingStatus();
    page.say({
      type: 'status',
      status: { ...status, track: status.track && { ...status.track, track_id: 'x', track_name: 'Other' } },
    });
    await screen.findByRole('heading', { level: 1, name: 'Other' });
    await list();
    expect(asked('GET /api/lyrics')).toBe(2);
    page.say({ type: 'status', status: waitingStatus });
    await screen.findByRole('heading', { name: 'Waiting for music.' });
    expect(screen.queryByRole('list', { name: 'Lyrics' })).toBeNull();
  });
});
