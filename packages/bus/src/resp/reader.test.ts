import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtocolError, RequestReader, readerLimits } from './reader.ts';

const encode = (words: string[]) =>
  Buffer.from(
    `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join('')}`,
    'latin1',
  );
const latin1 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const requests = fc.array(fc.array(latin1, { minLength: 1, maxLength: 5 }), { maxLength: 5 });

describe('RequestReader', () => {
  it('reads what was written, however it was cut into pieces', () => {
    fc.assert(
      fc.property(requests, fc.array(fc.nat(60), { maxLength: 20 }), (sent, cuts) => {
        const bytes = Buffer.concat(sent.map(encode));
        const reader = new RequestReader();
        const read: string[][] = [];
        let position = 0;
        for (const cut of [...cuts, bytes.length]) {
          read.push(...reader.read(bytes.subarray(position, position + cut)));
          position += cut;
        }
        read.push(...reader.read(bytes.subarray(position)));
        expect(read).toEqual(sent);
      }),
    );
  });

  it('answers any bytes with requests or a ProtocolError', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
        fc
          .constantFrom('*1\r\n', '$3\r\n', '*-1\r\n', '$-1\r\n', '*9999999\r\n', '\r\n', 'abc')
          .map(Buffer.from),
      ),
    );
    fc.assert(
      fc.property(pieces, (chunks) => {
        const reader = new RequestReader();
        try {
          for (const chunk of chunks) reader.read(chunk);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    '*1000000\r\n',
    '$3\r\nabc\r\n',
    '*1\r\n$99999999\r\n',
    'PING\r\n',
    '*1\r\n$1\r\nabc',
    'x'.repeat(99),
  ])('refuses %j', (text) => {
    expect(() => new RequestReader().read(Buffer.from(text))).toThrow(ProtocolError);
  });

  it('does not keep more than its limit of an unfinished request', () => {
    const reader = new RequestReader();
    const word = `$${readerLimits.wordBytes}\r\n${'a'.repeat(readerLimits.wordBytes)}\r\n`;
    expect(() => {
      reader.read(Buffer.from(`*64\r\n${word}`));
      reader.read(Buffer.from(word));
    }).toThrow('too big');
  });
});
