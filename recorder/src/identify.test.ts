import { describe, expect, it, vi } from 'vitest';
import { type Circumstances, createIdentifier, type Provider, type ProviderAnswer } from './identify.ts';

const circumstances: Circumstances = { belief: 'none', heardMs: 5000 };
const sound = { startMs: 0, endMs: 5000, pcm: new Float32Array(8) };
const match: ProviderAnswer = {
  kind: 'match',
  match: { trackId: 'a', offsetSeconds: 1, speed: 1, durationSeconds: 100 },
};
const provider = (name: string, identify: Provider['identify'], limitMs = 1000): Provider => ({
  name,
  limitMs,
  identify,
});
const says = (name: string, answer: ProviderAnswer) => provider(name, async () => answer);

describe('identify', () => {
  it('asks in order and stops at the first match', async () => {
    const last = vi.fn();
    const identify = createIdentifier({
      providers: [says('one', { kind: 'no_match' }), says('two', match), provider('three', last)],
      onTrouble: vi.fn(),
    });
    expect(await identify(sound, circumstances)).toEqual(match);
    expect(last).not.toHaveBeenCalled();
  });

  it('goes on when a provider throws, is too slow or cannot tell, and says so', async () => {
    const onTrouble = vi.fn();
    let aborted = false;
    const slow = provider(
      'slow',
      (_, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            aborted = true;
          });
        }),
      20,
    );
    const throwing = provider('throwing', async () => {
      throw new Error('broken');
    });
    const identify = createIdentifier({ providers: [throwing, slow, says('last', match)], onTrouble });
    expect(await identify(sound, circumstances)).toEqual(match);
    expect(aborted).toBe(true);
    expect(onTrouble.mock.calls).toEqual([
      ['throwing', 'broken'],
      ['slow', 'no answer in 0.02 s'],
    ]);
  });

  it('says no match only when somebody could tell', async () => {
    const unsure = says('unsure', { kind: 'cannot_tell', why: 'no network' });
    const onTrouble = vi.fn();
    expect(await createIdentifier({ providers: [unsure], onTrouble })(sound, circumstances)).toEqual({
      kind: 'cannot_tell',
    });
    const both = createIdentifier({ providers: [unsure, says('sure', { kind: 'no_match' })], onTrouble });
    expect(await both(sound, circumstances)).toEqual({ kind: 'no_match' });
  });
});
