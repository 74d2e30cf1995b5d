import { describe, expect, test } from 'vitest';
import { fakeProviders, restingProviders, troubledProviders } from '../../../dev/fake-data.ts';
import { providerFacts, shownState } from './provider-facts.ts';

const at = () => '9 PM';

describe('the facts of a service', () => {
  const [, used] = troubledProviders();

  test('say when it is asked again', () => {
    expect(providerFacts(used, at)).toEqual(['no calls left today', 'asked again at 9 PM']);
  });

  test('say that it is off where no calls are allowed, without an hour that would change nothing', () => {
    expect(providerFacts({ ...used, budget: 0, calls_today: 0 }, at)).toEqual(['off: no calls a day']);
  });

  test('tell calls and speed where they matter', () => {
    const [, ready] = fakeProviders();
    expect(providerFacts(ready, at)).toEqual(['ready', '12 of 100 calls today', 'answers in 1.2 s']);
    expect(restingProviders().map((provider) => providerFacts(provider, at))).toEqual([
      ['does not work'],
      ['waits', 'asked again at 9 PM', '31 of 100 calls today'],
      ['off'],
      ['off: no calls a day'],
    ]);
  });

  test('have no colour of trouble where no calls are allowed', () => {
    expect(restingProviders().map(shownState)).toEqual(['failing', 'waiting', 'off', 'off']);
  });
});
