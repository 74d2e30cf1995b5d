// Debian's packages and Rust, where a command needs them. Plain JavaScript on node: built-ins only, because it runs
// on Node 20, before the dependencies exist.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What compiling the window and packing it needs. */
export const buildPackages = [
  'binutils',
  'build-essential',
  'pkg-config',
  'libasound2-dev',
  'libayatana-appindicator3-dev',
  'libgtk-3-dev',
  'librsvg2-dev',
  'libssl-dev',
  'libwebkit2gtk-4.1-dev',
];

/** What tests need besides. */
export const testPackages = [
  'pulseaudio',
  'pulseaudio-utils',
  'flac',
  'sox',
  'ffmpeg',
  'vorbis-tools',
  'opus-tools',
  'lame',
  'chromium',
  'procps',
  'shellcheck',
  'fretsonfire-songs-sectoid',
  'fretsonfire-songs-muldjord',
  'libchromaprint-tools',
  // The window, driven on a screen and a session bus of its own, and the package in a bare Debian.
  'dbus',
  'dunst',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'imagemagick',
  'iproute2',
  'libasound2-plugins',
  'mmdebstrap',
  'openbox',
  'trayer',
  'webkit2gtk-driver',
  'wmctrl',
  'xdotool',
  'xvfb',
  // The container, built and run.
  'buildah',
  'podman',
  'runc',
  'systemd',
];

/** Debian's newest Rust: the one it builds its browsers with. */
const rustPackages = ['cargo-web', 'rustc-web', 'rust-web-clippy', 'rustfmt-web'];
const leastRust = [1, 90];

/** Names of installed packages, without their architecture. Empty where there is no dpkg. */
function installedPackages() {
  const folder = '/var/lib/dpkg/info';
  if (!existsSync(folder)) return new Set();
  const lists = readdirSync(folder).filter((name) => name.endsWith('.list'));
  return new Set(lists.map((name) => name.slice(0, -'.list'.length).replace(/:.*$/, '')));
}

/** Installs the packages that are missing; throws when one cannot be had, so that nothing is left out silently. */
export function provideDebianPackages({ names, run, say }) {
  const missing = names.filter((name) => !installedPackages().has(name));
  if (missing.length === 0) return;
  say(`installing ${missing.join(', ')} ...`);
  const apt = (...args) => {
    const options = ['-o', 'DPkg::Lock::Timeout=300', '-o', 'Acquire::Retries=3', '-qq'];
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    if (process.getuid?.() === 0) run('apt-get', [...args, ...options], { env });
    else run('sudo', ['-n', 'apt-get', ...args, ...options], { env });
  };
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...missing);
  const absent = names.filter((name) => !installedPackages().has(name));
  if (absent.length > 0) throw new Error(`still missing after installing: ${absent.join(', ')}`);
}

/** PATH with the folder rustup installs to, which a shell that has just been opened may not have yet. */
export function pathWithRust() {
  const path = process.env.PATH ?? '';
  const own = join(process.env.CARGO_HOME || join(homedir(), '.cargo'), 'bin');
  return path.split(delimiter).includes(own) ? path : `${own}${delimiter}${path}`;
}

function rustIsGood() {
  return ['cargo', 'rustc', 'cargo-clippy', 'cargo-fmt'].every((name) => {
    const env = { ...process.env, PATH: pathWithRust() };
    const { status, stdout } = spawnSync(name, ['--version'], { env, encoding: 'utf8' });
    if (status !== 0) return false;
    const version = /^(?:cargo|rustc) (\d+)\.(\d+)/.exec(stdout);
    return !version || Number(version[1]) > leastRust[0] || Number(version[2]) >= leastRust[1];
  });
}

/** Rust with its formatter and its linter; installed from Debian where it is missing. Throws when it cannot be had. */
export function provideRust({ run, say }) {
  if (rustIsGood()) return;
  if (existsSync('/usr/bin/apt-get')) provideDebianPackages({ names: rustPackages, run, say });
  if (rustIsGood()) return;
  throw new Error(
    `Rust ${leastRust.join('.')} or newer with clippy and rustfmt is missing. Install it from rustup.rs, then try again.`,
  );
}
