import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { healthSchema } from '@pidentify/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventually, removeFolder, run, temporaryFolder } from '../program.ts';
import { allGone, type Desktop, programsOf, startDesktop, visibleWindows, windowsOf } from './desktop.ts';
import { debPath } from './installed.ts';

/** A bare Debian that has never seen a developer: the package is installed into it and runs there. */
const folder = temporaryFolder('clean-root');
const debian = join(folder, 'debian');
const home = '/home/listener';
const deb = debPath();
let desktop: Desktop;

/** For what looks at the processes of a desktop: those inside have a home of their own. */
const inside = (): Desktop => ({ ...desktop, env: { ...desktop.env, HOME: home } });

const field = (name: string) => run('dpkg-deb', ['--field', deb, name]).trim();

/**
 * A tarball of Debian's essential packages and what ours depends on, kept in the cache folder: the second run
 * fetches nothing.
 */
function bareDebian(): string {
  const depends = field('Depends');
  const codename = /^VERSION_CODENAME=(\S+)/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? '';
  const cache = process.env.PIDENTIFY_CACHE_DIR ?? join(process.env.HOME ?? '', '.cache/pidentify');
  const name = createHash('sha256').update(`${codename} ${depends}`).digest('hex').slice(0, 16);
  const tarball = join(cache, 'roots', `${name}.tar`);
  if (existsSync(tarball)) return tarball;
  mkdirSync(join(tarball, '..'), { recursive: true });
  const satisfy = `chroot "$1" apt-get satisfy -y --no-install-recommends "${depends}"`;
  run('mmdebstrap', [
    '--quiet',
    '--variant=apt',
    '--aptopt=APT::Sandbox::User "root"',
    `--customize-hook=${satisfy}`,
    codename,
    `${tarball}.new.tar`,
  ]);
  renameSync(`${tarball}.new.tar`, tarball);
  return tarball;
}

beforeAll(async () => {
  const tarball = bareDebian();
  mkdirSync(debian);
  run('tar', ['--extract', '--file', tarball, '--directory', debian, '--exclude', './dev/*']);
  run('cp', [deb, join(debian, 'pidentify.deb')]);
  desktop = await startDesktop(folder);
}, 900_000);

afterAll(async () => {
  if (desktop) for (const { pid } of programsOf(inside())) process.kill(pid, 'SIGKILL');
  await desktop?.stop();
  removeFolder(folder);
});

describe('the package', () => {
  it('asks for the decoders of FLAC, and for what Valkey is linked with', () => {
    const depends = field('Depends').split(', ');
    for (const name of ['gstreamer1.0-plugins-base', 'gstreamer1.0-plugins-good', 'libwebkit2gtk-4.1-0'])
      expect(depends).toContain(name);
    expect(depends).toContain('libatomic1');
    expect(depends.length).toBe(new Set(depends).size);
  });

  it('installs with nothing missing', () => {
    run('chroot', [debian, 'dpkg', '--install', '/pidentify.deb']);
    expect(run('chroot', [debian, 'dpkg', '--status', 'pidentify'])).toContain(
      'Status: install ok installed',
    );
    for (const program of ['/usr/bin/pidentify', '/usr/bin/pidentify-node'])
      expect(run('chroot', [debian, 'ldd', program])).not.toContain('not found');
    run('chroot', [debian, 'useradd', '--create-home', '--home-dir', home, 'listener']);
  });

  it('has an entry for the menu, with an icon', () => {
    const entry = readFileSync(join(debian, 'usr/share/applications/Pidentify.desktop'), 'utf8');
    expect(entry).toMatch(/^Exec=pidentify$/m);
    expect(entry).toMatch(/^Icon=pidentify$/m);
    expect(existsSync(join(debian, 'usr/share/icons/hicolor/128x128/apps/pidentify.png'))).toBe(true);
    expect(existsSync(join(debian, 'usr/share/doc/pidentify/copyright'))).toBe(true);
    expect(existsSync(join(debian, 'usr/share/pidentify/pidentify.service'))).toBe(true);
    expect(existsSync(join(debian, 'usr/lib/Pidentify/services/THIRD_PARTY_NOTICES.txt'))).toBe(true);
  });

  it('runs as a person without rights, with its own Valkey, and shows its window', async () => {
    const commands = [
      `mount --bind /proc '${debian}/proc'`,
      `mount --rbind /dev '${debian}/dev'`,
      `exec chroot --userspec=listener '${debian}' /usr/bin/env -i HOME=${home} PATH=/usr/bin:/bin LANG=C.UTF-8 ` +
        `DISPLAY=${desktop.env.DISPLAY} /usr/bin/pidentify --port 0`,
    ].join(' && ');
    spawn('unshare', ['--mount', 'sh', '-c', commands], { stdio: 'ignore' });
    const instance = join(debian, home, '.local/share/pidentify/run/instance.json');
    const { url } = await eventually(
      async () => z.object({ url: z.string() }).parse(JSON.parse(readFileSync(instance, 'utf8'))),
      () => true,
      { ms: 60_000 },
    );
    const health = await eventually(
      async () => healthSchema.parse(await (await fetch(new URL('/api/health', url))).json()),
      ({ services }) => services.every(({ state }) => state === 'running'),
      { ms: 30_000 },
    );
    const valkey = health.services.find(({ name }) => name === 'valkey');
    expect(run('readlink', [`/proc/${valkey?.pid}/exe`]).trim()).toContain(
      '/usr/lib/Pidentify/services/valkey/bin/valkey-server',
    );
    await eventually(
      async () => visibleWindows(desktop),
      (count) => count === 1,
      { ms: 20_000 },
    );
    const port = new URL(url).port;
    // The page's WebSocket: a connection of WebKit's that stays.
    await eventually(
      async () => run('ss', ['-Htnp', 'state', 'established', `dport = :${port}`]),
      (connections) => connections.includes('WebKitNetwork'),
      { ms: 20_000 },
    );
  });

  it('stops with its window, and can be removed', async () => {
    expect(programsOf(inside()).length).toBeGreaterThan(4);
    process.kill(windowsOf(inside())[0].pid, 'SIGKILL');
    await allGone(inside(), 3000);
    run('chroot', [debian, 'dpkg', '--remove', 'pidentify']);
    expect(existsSync(join(debian, 'usr/lib/Pidentify'))).toBe(false);
    expect(existsSync(join(debian, home, '.local/share/pidentify/database.db'))).toBe(true);
  });
});
