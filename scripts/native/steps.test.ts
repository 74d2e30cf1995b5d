import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runSteps, type Step } from './steps.ts';

let root: string;
let said: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'pidentify-steps-'));
  said = [];
  mkdirSync(join(root, 'sources/inner/node_modules'), { recursive: true });
  writeFileSync(join(root, 'sources/a.ts'), '1');
  writeFileSync(join(root, 'sources/inner/b.ts'), '2');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const copy = (changes: Partial<Step> = {}): Step => ({
  name: 'copy',
  makes: 'copying',
  inputs: ['sources'],
  outputs: [join(root, 'made')],
  run: () => {
    writeFileSync(join(root, 'made'), '');
    return 'a remark';
  },
  ...changes,
});

/** Whether the step ran. */
async function ran(step: Step, always: string[] = []): Promise<boolean> {
  said = [];
  const say = (line: string) => void said.push(line);
  await runSteps({ steps: [step], root, stamps: join(root, 'stamps'), always: new Set(always), say });
  return !said.includes(`${step.name}: unchanged`);
}

describe('a step', () => {
  it('runs once, and again when it is named', async () => {
    expect(await ran(copy())).toBe(true);
    expect(said.at(-1)).toMatch(/^copy: done in [\d.]+ s, a remark$/);
    expect(await ran(copy())).toBe(false);
    expect(await ran(copy(), ['copy'])).toBe(true);
  });

  it.each<[string, () => void]>([
    ['a file has changed', () => writeFileSync(join(root, 'sources/inner/b.ts'), '3')],
    ['a file was added', () => writeFileSync(join(root, 'sources/c.ts'), '')],
    ['a file was removed', () => rmSync(join(root, 'sources/a.ts'))],
    ['what it made is gone', () => rmSync(join(root, 'made'))],
  ])('runs again when %s', async (_, change) => {
    await ran(copy());
    change();
    expect(await ran(copy())).toBe(true);
    expect(await ran(copy())).toBe(false);
  });

  it('runs again when a fact has changed', async () => {
    await ran(copy({ facts: ['1'] }));
    expect(await ran(copy({ facts: ['2'] }))).toBe(true);
  });

  it('does not run again for tests and for what tools leave behind', async () => {
    await ran(copy());
    writeFileSync(join(root, 'sources/a.test.ts'), '');
    writeFileSync(join(root, 'sources/inner/node_modules/x'), '');
    expect(await ran(copy())).toBe(false);
  });

  it('runs again for them when everything counts', async () => {
    const whole = () => copy({ inputs: ['sources/**'] });
    await ran(whole());
    writeFileSync(join(root, 'sources/inner/node_modules/x'), '');
    expect(await ran(whole())).toBe(true);
    expect(await ran(whole())).toBe(false);
  });

  it('has not run when it failed', async () => {
    const fail = () => Promise.reject(new Error('no room'));
    await expect(ran(copy({ run: fail }))).rejects.toThrow('no room');
    expect(await ran(copy())).toBe(true);
  });

  it('has to make what it says', async () => {
    await expect(ran(copy({ run: () => undefined }))).rejects.toThrow('copy did not make made');
  });
});
