import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createFindCover } from './find-cover.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('reads no other cover while one hangs, also where one that was begun meanwhile comes in time', async () => {
  const answers = new Map<string, (image: string | null) => void>();
  const cover = (path: string) => new Promise<string | null>((resolve) => answers.set(path, resolve));
  const findCover = createFindCover({ cover, onTrouble: vi.fn() });
  const found = vi.fn();
  const hanging = findCover('hangs', found);
  await vi.advanceTimersByTimeAsync(1500);
  const slow = findCover('slow', found);
  await vi.advanceTimersByTimeAsync(600);
  await hanging;
  answers.get('slow')?.('slow.jpg');
  await slow;
  await findCover('next', found);
  expect([...answers.keys()]).toEqual(['hangs', 'slow']);
  answers.get('hangs')?.(null);
  await vi.advanceTimersByTimeAsync(0);
  const next = findCover('next', found);
  answers.get('next')?.('next.jpg');
  await next;
  expect(found.mock.calls).toEqual([['slow.jpg'], [null], ['next.jpg']]);
});
