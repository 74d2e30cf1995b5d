import { busMessages, busQuestionSchema, busReplySchema, levelSchema } from '@pidentify/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from './wire.ts';

describe('parseJson', () => {
  it('takes any text without throwing', () => {
    const schemas = [...Object.values(busMessages), busQuestionSchema, busReplySchema];
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.constantFrom(...schemas), (text, schema) => {
        expect(typeof parseJson<unknown>(schema, text).ok).toBe('boolean');
      }),
    );
  });

  it('says what is wrong', () => {
    expect(parseJson(levelSchema, '{"rms":1}')).toMatchObject({
      ok: false,
      problem: expect.stringContaining('peak'),
    });
    expect(parseJson(levelSchema, '{')).toMatchObject({
      ok: false,
      problem: expect.stringContaining('JSON'),
    });
  });
});
