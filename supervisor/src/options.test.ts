import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readOptions } from './options.ts';

describe('readOptions', () => {
  it('needs none', () => {
    expect(readOptions([], '/here')).toEqual({
      headless: false,
      data: undefined,
      music: undefined,
      input: undefined,
      port: undefined,
      events: 'text',
      watchStdin: false,
      help: false,
    });
  });

  it('takes paths from the folder one is in', () => {
    const args = ['--data', 'd', '--music', '/m', '--input', 'file:songs/a.flac', '--port', '0', '--no-open'];
    expect(readOptions(args, '/here')).toMatchObject({
      data: '/here/d',
      music: '/m',
      input: 'file:/here/songs/a.flac',
      port: 0,
      headless: true,
    });
  });

  it('takes the name of an input as it is', () => {
    expect(readOptions(['--input', 'alsa_input.usb: one'], '/here').input).toBe('alsa_input.usb: one');
  });

  it.each([
    [['--port', 'many'], '--port "many" is not a port'],
    [['--port', '65536'], 'is not a port'],
    [['--port', ''], 'is not a port'],
    [['--data', ''], '--data needs a folder'],
    [['--input', 'file:'], '--input needs a name or file:PATH'],
    [['--input', '/music/a.wav'], 'a sound file is given as file:/music/a.wav'],
    [['--input', '../a.wav'], 'a sound file is given as file:../a.wav'],
    [['--events', 'xml'], '--events "xml" is not known'],
    [['--nonsense'], '--nonsense'],
    [['stray'], 'stray'],
    [['--data'], '--data'],
  ])('refuses %j', (args, text) => {
    expect(() => readOptions(args, '/here')).toThrow(
      expect.objectContaining({ code: 'option_invalid', message: expect.stringContaining(text) }),
    );
  });

  it('answers any command line with options or option_invalid', () => {
    const names = ['--data', '--music', '--input', '--port', '--events', '--headless', '--watch-stdin', '--'];
    const words = fc.array(fc.oneof(fc.constantFrom(...names), fc.string()));
    fc.assert(
      fc.property(words, (args) => {
        try {
          expect(readOptions(args, '/here').events).toMatch(/^(text|json)$/);
        } catch (error) {
          expect(error).toMatchObject({ code: 'option_invalid' });
        }
      }),
    );
  });
});
