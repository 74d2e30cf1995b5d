// @vitest-environment happy-dom
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startPageServer } from '../../../dev/page-server.ts';
import { renderPage } from '../../../dev/render-page.tsx';
import type { ScenarioName } from '../../../dev/scenarios.ts';
import { SettingsPage } from './SettingsPage.tsx';

describe('Settings', () => {
  let server: Awaited<ReturnType<typeof startPageServer>>;
  let page: Awaited<ReturnType<typeof renderPage>>;
  beforeEach(async () => {
    server = await startPageServer({ scenario: 'confirmed' });
    page = await renderPage(<SettingsPage />);
    await screen.findByRole('heading', { name: 'Music folders' });
  });
  afterEach(async () => {
    page.live.stop();
    await server.close();
    cleanup();
  });
  const patches = () => server.asked.filter((call) => call.startsWith('PATCH'));
  const type = (label: string, value: string) => {
    fireEvent.change(screen.getByLabelText(label), { target: { value } });
    fireEvent.keyDown(screen.getByLabelText(label), { key: 'Enter' });
  };

  test('saves a field by itself and says so', async () => {
    type('Margin on each side', '20');
    expect(await screen.findByText('Saved')).toBeTruthy();
    expect(patches()).toHaveLength(1);
  });

  test('tells a value out of range beside its field, in the unit that is shown', async () => {
    type('Keep the last', '0');
    expect(await screen.findByText('From 1 to 1,440 min.')).toBeTruthy();
    expect(patches()).toHaveLength(0);
  });

  test("keeps a folder that the server refuses in its field, with the server's sentence", async () => {
    fireEvent.change(screen.getByLabelText('Folder to add'), { target: { value: '/mnt/missing' } });
    fireEvent.click(screen.getByRole('button', { name: 'Add' }));
    expect(await screen.findByText(/There is no folder \/mnt\/missing/)).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>('Folder to add').value).toBe('/mnt/missing');
  });

  test('has it looked whether a music drive was mounted, once, when it is opened', async () => {
    const looks = () => server.asked.filter((call) => call === 'POST /api/library/look');
    await waitFor(() => expect(looks()).toHaveLength(1));
    fireEvent.change(screen.getByLabelText('Folder to add'), { target: { value: '/mnt/missing' } });
    fireEvent.click(screen.getByRole('button', { name: 'Add' }));
    await screen.findByText(/There is no folder \/mnt\/missing/);
    expect(looks()).toHaveLength(1);
  });

  test('offers no dialog for a folder where there is no window', () => {
    expect(screen.queryByRole('button', { name: 'Choose a folder…' })).toBeNull();
  });

  test('says what goes to LRCLIB before lyrics are looked for there, which is off', async () => {
    const lookUp = () => screen.getByRole('switch', { name: /^Look for lyrics at LRCLIB/ });
    expect(lookUp()).toHaveProperty('checked', false);
    expect(screen.getByText(/Title, artist, album and length of what plays go to lrclib\.net/)).toBeTruthy();
    fireEvent.click(lookUp());
    await waitFor(() => expect(lookUp()).toHaveProperty('checked', true));
    expect(patches()).toHaveLength(1);
    fireEvent.click(lookUp());
    await waitFor(() => expect(lookUp()).toHaveProperty('checked', false));
  });

  test('removes a folder', async () => {
    fireEvent.click(screen.getByRole('button', { name: 'Remove /mnt/records/digitised' }));
    await waitFor(() => expect(screen.queryByText('/mnt/records/digitised')).toBeNull());
    expect(screen.getByText('/home/anna/Music')).toBeTruthy();
  });

  test('asks before the recorder is restarted', async () => {
    fireEvent.click(await screen.findByRole('button', { name: 'Restart recorder' }));
    const dialog = await screen.findByRole('dialog');
    expect(server.asked).not.toContain('POST /api/recorder/restart');
    const confirm = [...dialog.querySelectorAll('button')].find(({ textContent }) =>
      textContent?.includes('Restart recorder'),
    );
    if (confirm) fireEvent.click(confirm);
    await waitFor(() => expect(server.asked).toContain('POST /api/recorder/restart'));
  });
});

describe('Online services', () => {
  let server: Awaited<ReturnType<typeof startPageServer>>;
  let page: Awaited<ReturnType<typeof renderPage>>;
  beforeEach(async () => {
    server = await startPageServer({ scenario: 'services-failing' });
    page = await renderPage(<SettingsPage />);
    await screen.findByRole('heading', { name: 'Online services' });
  });
  afterEach(async () => {
    page.live.stop();
    await server.close();
    cleanup();
  });

  test('says what is sent to whom, and that a service is off until its key is given', () => {
    expect(screen.getByText(/is sent a clip of sound of up to 12 seconds and your key/)).toBeTruthy();
    expect(screen.getByText(/Clips go to AudD/)).toBeTruthy();
  });

  test('takes a key and does not show it again, and forgets it when told to', async () => {
    const field = screen.getByLabelText<HTMLInputElement>('AcoustID application key');
    expect(field.type).toBe('password');
    fireEvent.change(field, { target: { value: ' app-key-1 ' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save AcoustID application key' }));
    const remove = await screen.findByRole('button', { name: 'Remove AcoustID application key' });
    expect(field.value).toBe('');
    expect(document.body.innerHTML).not.toContain('app-key-1');
    fireEvent.click(remove);
    await waitFor(() =>
      expect(screen.queryByRole('button', { name: 'Remove AcoustID application key' })).toBeNull(),
    );
  });

  test('keeps a key that is refused in its field, with the sentence of the server', async () => {
    const field = screen.getByLabelText<HTMLInputElement>('ACRCloud access key');
    fireEvent.change(field, { target: { value: 'two words' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save ACRCloud access key' }));
    expect(await screen.findByText(/without spaces/)).toBeTruthy();
    expect(field.value).toBe('two words');
  });

  test('changes the order, and turns a service off and on', async () => {
    const names = () =>
      screen.getAllByRole('switch', { name: /^Ask / }).map((element) => element.getAttribute('id'));
    const before = names();
    fireEvent.click(screen.getByRole('button', { name: 'Ask ACRCloud earlier' }));
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Ask AudD earlier' })).toBeTruthy());
    expect(names()).toHaveLength(before.length);
    fireEvent.click(screen.getByRole('switch', { name: 'Ask AudD' }));
    await waitFor(() => expect(screen.queryByLabelText('AudD token')).toBeNull());
    fireEvent.click(screen.getByRole('switch', { name: 'Ask AudD' }));
    expect(await screen.findByLabelText('AudD token')).toBeTruthy();
  });

  test('puts https before a host, and shows it without', async () => {
    const field = screen.getByLabelText<HTMLInputElement>('ACRCloud host');
    expect(field.value).toBe('identify-eu-west-1.acrcloud.com');
    fireEvent.change(field, { target: { value: 'identify-us-west-2.acrcloud.com' } });
    fireEvent.blur(field);
    expect(await screen.findByText('Saved')).toBeTruthy();
    expect(field.value).toBe('identify-us-west-2.acrcloud.com');
  });

  test('tells how each of them is', () => {
    const list = screen.getByRole('list', { name: 'Who names music' });
    const items = [...list.querySelectorAll('li')].map(({ textContent }) => textContent);
    expect(items[0]).toMatch(/Your own musicready · answers in 41 ms/);
    expect(items[1]).toMatch(/no calls left today · asked again at/);
    expect(items[2]).toMatch(/does not work · asked again at .*It answers with a web page \(HTTP 502\)\./);
    expect(items[3]).toMatch(/key refused/);
  });
});

describe('Settings in the native app', () => {
  let server: Awaited<ReturnType<typeof startPageServer>>;
  let page: Awaited<ReturnType<typeof renderPage>>;
  beforeEach(async () => {
    server = await startPageServer({ scenario: 'window' });
    page = await renderPage(<SettingsPage />);
    await screen.findByRole('heading', { name: 'This computer' });
  });
  afterEach(async () => {
    page.live.stop();
    await server.close();
    cleanup();
  });
  const wishes = () => server.asked.filter((call) => call === 'POST /api/window').length;

  test('asks the window for each thing that is pressed', async () => {
    const pressed = [
      screen.getByRole('switch', { name: /^Start with the computer/ }),
      screen.getByRole('button', { name: 'Open music folder' }),
      screen.getByRole('button', { name: 'Install 0.2.0' }),
    ];
    for (const [at, element] of pressed.entries()) {
      fireEvent.click(element);
      await waitFor(() => expect(wishes()).toBe(at + 1));
    }
  });

  test('adds the folder that is chosen in the dialog of the system, once', async () => {
    const choose = () => fireEvent.click(screen.getByRole('button', { name: 'Choose a folder…' }));
    const patches = () => server.asked.filter((call) => call.startsWith('PATCH')).length;
    const before = patches();
    choose();
    expect(await screen.findByText('/home/anna/Records')).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>('Or type its path').value).toBe('');
    choose();
    expect(await screen.findByText('This folder is in the list already.')).toBeTruthy();
    expect(patches() - before).toBe(1);
  });

  test('asks before it quits', async () => {
    fireEvent.click(screen.getByRole('button', { name: 'Quit' }));
    const dialog = await screen.findByRole('dialog');
    expect(wishes()).toBe(0);
    const confirm = [...dialog.querySelectorAll('button')].find(({ textContent }) => textContent === 'Quit');
    if (confirm) fireEvent.click(confirm);
    await waitFor(() => expect(wishes()).toBe(1));
  });

  test('keeps the wish for notifications in the settings', async () => {
    fireEvent.click(screen.getByRole('switch', { name: /^Notify of each new track/ }));
    await waitFor(() => expect(server.asked.filter((call) => call.startsWith('PATCH'))).toHaveLength(1));
  });
});

describe('Settings on a day of their own', () => {
  let server: Awaited<ReturnType<typeof startPageServer>>;
  let page: Awaited<ReturnType<typeof renderPage>>;
  const open = async (scenario: ScenarioName) => {
    server = await startPageServer({ scenario });
    page = await renderPage(<SettingsPage />);
  };
  afterEach(async () => {
    page.live.stop();
    await server.close();
    cleanup();
  });
  const asked = (what: string) => server.asked.filter((call) => call === what).length;

  test('a dialog for a folder that is cancelled changes nothing, and can be opened again', async () => {
    await open('window-failing');
    const choose = await screen.findByRole<HTMLButtonElement>('button', { name: 'Choose a folder…' });
    for (const times of [1, 2]) {
      fireEvent.click(choose);
      await waitFor(() => expect(asked('POST /api/window/folder')).toBe(times));
      await waitFor(() => expect(choose.disabled).toBe(false));
    }
    expect(asked('PATCH /api/settings')).toBe(0);
  });

  test('an input that was given at the start is shown, says why, and offers no other', async () => {
    await open('input-given');
    await screen.findByText(/Given when Pidentify was started/);
    expect(screen.getByText('UMC202HD 192k Analog Stereo')).toBeTruthy();
    expect(screen.queryByRole('combobox', { name: 'Input' })).toBeNull();
  });

  test('an input that is being opened is no fault', async () => {
    await open('health-empty');
    const sentence = await screen.findByText('The input is being opened.');
    expect(sentence.style.color).toBe('var(--mantine-color-dimmed)');
  });

  test.each([
    ['settings-failing', '/api/settings', 'Health'],
    ['health-failing', '/api/health', 'Online services'],
  ] as const)('%s: what fails can be tried again, the rest is there', async (scenario, path, rest) => {
    await open(scenario);
    await screen.findByRole('alert');
    await screen.findByRole('heading', { name: rest });
    const before = asked(`GET ${path}`);
    fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(asked(`GET ${path}`)).toBe(before + 1));
    await waitFor(() => expect(screen.queryByRole('status', { name: 'Loading' })).toBeNull());
    expect(screen.getByRole('alert').textContent).toMatch(/could not be loaded/);
  });
});
