// @vitest-environment happy-dom
import { cleanup, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  fakeHealth,
  notKnownStatus,
  playingStatus,
  sideFinishedStatus,
  sideStatus,
  tentativeStatus,
  waitingStatus,
} from '../../../dev/fake-data.ts';
import { startPageServer } from '../../../dev/page-server.ts';
import { renderPage } from '../../../dev/render-page.tsx';
import { ConnectionBanner } from '../../ui/ConnectionBanner.tsx';
import { NowPlayingPage } from './NowPlayingPage.tsx';

describe('Now Playing', () => {
  let server: Awaited<ReturnType<typeof startPageServer>>;
  let page: Awaited<ReturnType<typeof renderPage>>;
  beforeEach(async () => {
    server = await startPageServer({ scenario: 'waiting' });
    page = await renderPage(
      <>
        <ConnectionBanner />
        <NowPlayingPage />
      </>,
    );
    await screen.findByRole('heading', { name: 'Waiting for music.' });
  });
  afterEach(async () => {
    page.live.stop();
    await server.close();
    cleanup();
  });

  test('shows the track as soon as the server tells of it', async () => {
    page.say({ type: 'status', status: playingStatus() });
    expect(await screen.findByRole('heading', { level: 1, name: 'Harbour Lights' })).toBeTruthy();
    expect(screen.getByRole('progressbar').getAttribute('aria-valuetext')).toMatch(/^1:\d\d of 4:05$/);
    expect(screen.getByText('Speed +1.8 %')).toBeTruthy();
    const save = await screen.findByRole('link', { name: 'Save this track' });
    expect(save.getAttribute('href')).toBe(`/rip/${playingStatus().entry_id}`);
  });

  test('says what follows on the record, and when the side is over', async () => {
    page.say({ type: 'status', status: sideStatus() });
    expect(await screen.findByText('Next: Telegraph Hill')).toBeTruthy();
    page.say({ type: 'status', status: sideFinishedStatus });
    expect(await screen.findByRole('heading', { level: 1, name: 'Side finished' })).toBeTruthy();
  });

  test('says why nobody is asked', async () => {
    page.say({ type: 'status', status: { ...waitingStatus, message: 'Only groove noise.' } });
    expect(await screen.findByText('Only groove noise.')).toBeTruthy();
  });

  test('says that music is unknown, and where it can be named', async () => {
    page.say({ type: 'status', status: notKnownStatus() });
    expect(await screen.findByRole('heading', { level: 1, name: 'Unknown music' })).toBeTruthy();
    expect(screen.getByText(/name it on the page Unknown/)).toBeTruthy();
  });

  test('tells of missing music folders only while nothing was ever recognised', async () => {
    const index = { ...fakeHealth().index, tracks: 0, hours: 0 };
    page.say({ type: 'health', health: { ...fakeHealth(), index } });
    page.say({ type: 'status', status: notKnownStatus() });
    expect(await screen.findByRole('heading', { level: 1, name: 'Unknown music' })).toBeTruthy();
    expect(screen.queryByText(/Choose your music folders/)).toBeNull();
  });

  test('marks an answer that is not sure, which cannot be saved yet', async () => {
    page.say({ type: 'status', status: tentativeStatus() });
    expect(await screen.findByText('Maybe')).toBeTruthy();
    const save = await screen.findByRole('button', { name: 'Save this track' });
    expect(save.getAttribute('aria-disabled')).toBe('true');
  });

  test('goes back to waiting when the music stops', async () => {
    page.say({ type: 'status', status: playingStatus() });
    await screen.findByRole('heading', { name: 'Harbour Lights' });
    page.say({ type: 'status', status: waitingStatus });
    expect(await screen.findByRole('heading', { name: 'Waiting for music.' })).toBeTruthy();
  });

  test('says what to do when the input goes away', async () => {
    const input = { ...fakeHealth().input, state: 'lost' as const };
    page.say({ type: 'health', health: { ...fakeHealth(), input } });
    expect(await screen.findByRole('heading', { name: 'The input went away.' })).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Open settings' }).getAttribute('href')).toBe('/settings#input');
  });

  test('moves its meter without rendering anew', async () => {
    const meter = screen.getByRole('meter');
    const before = meter.querySelector('[data-part="shade"]')?.getAttribute('style');
    page.say({ type: 'level', level: { at: new Date().toISOString(), rms: 0.5, peak: 0.9 } });
    await new Promise((drawn) => setTimeout(drawn, 60));
    expect(meter.querySelector('[data-part="shade"]')?.getAttribute('style')).not.toBe(before);
  });

  test('says that the connection is lost, and asks over HTTP meanwhile', async () => {
    server.asked.length = 0;
    page.breakConnection();
    expect(await screen.findByText('Connection lost.')).toBeTruthy();
    expect(server.asked).toContain('GET /api/status');
  });
});
