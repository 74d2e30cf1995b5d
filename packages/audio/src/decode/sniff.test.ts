import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { id3Length, sniffFormat } from './sniff.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const oggPage = (packet: string) =>
  Buffer.concat([bytes('OggS'), Buffer.alloc(22), Buffer.of(1, 30), bytes(packet)]);
const flac = (depth: number) => {
  const head = Buffer.concat([bytes('fLaC'), Buffer.alloc(60)]);
  head.writeUInt16BE((depth - 1) << 4, 20);
  return head;
};

describe('sniffFormat', () => {
  it.each([
    [flac(16), 'flac'],
    [flac(24), 'flac'],
    [flac(32), 'other'],
    [bytes('RIFF\x00\x00\x00\x00WAVEfmt '), 'wav'],
    [bytes('RF64\xff\xff\xff\xffWAVEds64'), 'wav'],
    [bytes('RIFF\x00\x00\x00\x00AVI '), null],
    [oggPage('\x01vorbis'), 'vorbis'],
    [oggPage('OpusHead'), 'opus'],
    [oggPage('\x7fFLAC'), 'other'],
    [bytes('\x00\x00\x00\x20ftypM4A '), 'other'],
    [bytes('FORM\x00\x00\x00\x00AIFF'), 'other'],
    [bytes('\xff\xfb\x90\x00'), null],
    [bytes(''), null],
  ])('tells by the first bytes of case %#', (head, format) => {
    expect(sniffFormat(head)).toBe(format);
  });

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (head) => {
        sniffFormat(head);
        expect(id3Length(head)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

it('knows the length of an ID3 tag with and without a footer', () => {
  expect(id3Length(bytes('ID3\x04\x00\x00\x00\x00\x02\x01'))).toBe(10 + 257);
  expect(id3Length(bytes('ID3\x04\x00\x10\x00\x00\x02\x01'))).toBe(20 + 257);
  expect(id3Length(bytes('fLaC'))).toBe(0);
});
