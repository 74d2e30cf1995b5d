import { describe, expect, it } from 'vitest';
import { readDevArguments } from './arguments.ts';

describe('the options of npm run dev', () => {
  it('go on to the supervisor, but for the port, which is that of the page', () => {
    expect(readDevArguments(['--data', '/d', '--port', '8080', '--input=file:/a=b', '--wrong'])).toEqual({
      headless: false,
      startedByWindow: false,
      port: 8080,
      passedOn: ['--data', '/d', '--input=file:/a=b', '--wrong'],
    });
  });

  it('tell whether the window has started it', () => {
    const args = ['--headless', '--events', 'json', '--watch-stdin', '--music', '/m'];
    expect(readDevArguments(args)).toEqual({
      headless: true,
      startedByWindow: true,
      passedOn: ['--music', '/m'],
    });
  });

  it('take any free port for one that is none', () => {
    expect(readDevArguments(['--port=x']).port).toBe(0);
  });
});
