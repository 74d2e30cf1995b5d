import { beforeEach, expect, it } from 'vitest';

type RunLong = (what: {
  text: string;
  command: string;
  args: string[];
  options: object;
  say: (line: string) => void;
  everyMs?: number;
}) => Promise<void>;

const script = new URL('./run-long.mjs', import.meta.url).href;
const { runLong } = (await import(script)) as { runLong: RunLong };

let said: string[];
beforeEach(() => {
  said = [];
});
const run = (code: string, everyMs?: number) =>
  runLong({
    text: 'building',
    command: process.execPath,
    args: ['-e', code],
    options: {},
    say: (line) => said.push(line),
    everyMs,
  });

it('says what is done, and that it goes on while it takes long', async () => {
  await run('setTimeout(() => 0, 700)', 250);
  expect(said.slice(0, 3)).toEqual([
    'building ...',
    expect.stringMatching(/^building \.\.\. \(\d s so far\)$/),
    expect.stringMatching(/^building \.\.\. \(\d s so far\)$/),
  ]);
});

it('says it once where it is quick, and nothing of what the program says', async () => {
  await run('console.log("chatter")');
  expect(said).toEqual(['building ...']);
});

it('throws what the program said when it fails, or why it cannot be run', async () => {
  await expect(run('console.error("no space left"); process.exit(3)')).rejects.toThrow('no space left');
  const absent = { text: 'x', command: '/nowhere/program', args: [], options: {}, say: () => undefined };
  await expect(runLong(absent)).rejects.toThrow('ENOENT');
});
