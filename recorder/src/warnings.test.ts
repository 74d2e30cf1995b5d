import { describe, expect, it } from 'vitest';
import { createWarnings } from './warnings.ts';

describe('createWarnings', () => {
  it('tells of everything that is so, at each change and only then', () => {
    const told: string[][] = [];
    const warn = createWarnings((sentences) => told.push(sentences));
    warn('buffer', null);
    warn('buffer', 'The disk is full.');
    warn('buffer', 'The disk is full.');
    warn('plays', 'A play waits.');
    warn('buffer', null);
    warn('plays', null);
    expect(told).toEqual([
      ['The disk is full.'],
      ['The disk is full.', 'A play waits.'],
      ['A play waits.'],
      [],
    ]);
  });
});
