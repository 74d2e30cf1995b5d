import { describe, expect, test } from 'vitest';
import { troubledProviders } from '../../../dev/fake-data.ts';
import { providerFacts } from './provider-facts.ts';

const at = () => '9 PM';

describe('the facts of a service', () => {
  const [, used] = troubledProviders();

  test('say when it is asked again', () => {
    expect(providerFacts(used, at).slice(0, 2)).toEqual(['no calls left today', 'asked again at 9 PM']);
  });

  test('say that it is off where no calls are allowed, without an hour that would change nothing', () => {
    expect(providerFacts({ ...used, budget: 0, calls_today: 0 }, at)).toEqual(['off: no calls a day']);
  });
});
