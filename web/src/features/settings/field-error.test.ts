import { expect, it } from 'vitest';
import { fieldError } from './field-error.ts';

it('says what is wrong without the name that the field has in the file', () => {
  expect(fieldError('audd_url: Invalid URL.', { audd_url: 'x' })).toBe('Invalid URL.');
  const folders = { music_folders: ['a', 'b'] };
  expect(fieldError('music_folders.0: Is no folder. music_folders.1: Is no folder.', folders)).toBe(
    'Is no folder. Is no folder.',
  );
  expect(fieldError('The server cannot be reached.', folders)).toBe('The server cannot be reached.');
});
