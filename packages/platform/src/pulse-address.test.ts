import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pulseAddresses, pulseCookieFiles } from './pulse-address.ts';

const home = '/home/ann';

describe('pulseAddresses', () => {
  it('tries the usual sockets of the user, then the one of the system', () => {
    expect(pulseAddresses({ env: { XDG_RUNTIME_DIR: '/run/user/1000' }, home, uid: 1000 })).toEqual([
      { path: '/run/user/1000/pulse/native' },
      { path: '/home/ann/.pulse/native' },
      { path: '/var/run/pulse/native' },
    ]);
  });

  it.each([
    ['unix:/tmp/native', [{ path: '/tmp/native' }]],
    ['/tmp/native', [{ path: '/tmp/native' }]],
    ['{0123abc}unix:/tmp/native', [{ path: '/tmp/native' }]],
    ['tcp:stereo.local:4000', [{ host: 'stereo.local', port: 4000 }]],
    ['tcp6:[::1]:4000', [{ host: '::1', port: 4000 }]],
    ['stereo', [{ host: 'stereo', port: 4713 }]],
    ['unix:/a  tcp:b:1', [{ path: '/a' }, { host: 'b', port: 1 }]],
    ['tcp:stereo:99999', []],
    ['::::', []],
  ])('reads PULSE_SERVER %j', (text, expected) => {
    expect(pulseAddresses({ env: { PULSE_SERVER: text }, home })).toEqual(expected);
  });

  it('makes usable addresses, or none, of any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        for (const address of pulseAddresses({ env: { PULSE_SERVER: `tcp:${text}` }, home })) {
          if ('path' in address) expect(address.path).not.toBe('');
          else expect(address.port).toBeLessThanOrEqual(65_535);
        }
      }),
    );
  });
});

describe('pulseCookieFiles', () => {
  it('asks the one that is named first', () => {
    expect(
      pulseCookieFiles({ env: { PULSE_COOKIE: '/c', XDG_CONFIG_HOME: '/x' }, home }).slice(0, 2),
    ).toEqual(['/c', '/x/pulse/cookie']);
  });
});
