/** Builds and runs the container with what Debian has (buildah, podman, runc), without a registry of images. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { hostPlatform, resolveFolders } from '@pidentify/platform';
import { read } from '../../checks/tree.ts';
import { npmCache, standIns } from './stand-ins.ts';

const root = resolve(import.meta.dirname, '../..');
const start = promisify(execFile);

export type Engine = {
  podman: (...args: string[]) => Promise<string>;
  /** Builds the Dockerfile of this clone under a name. */
  build: (name: string) => Promise<void>;
  /** A network without the world: what runs in it reaches only each other, on loopback. */
  network: Network;
  close: () => Promise<void>;
};

export type Network = {
  /** For podman's --network. */
  option: string;
  /** Runs a program of this machine in it, to its end. */
  run: (command: string, ...args: string[]) => string;
  /** Command and arguments that run one in it. */
  wrap: (command: string, ...args: string[]) => [string, string[]];
};

const containersConfiguration = `[containers]
# More than a machine of CI may give; the default asks for more than root has there.
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
log_driver = "k8s-file"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`;

/** Needs root and the packages buildah, podman, runc, mmdebstrap and iproute2. */
export async function openEngine(): Promise<Engine> {
  const folder = join(cacheFolder(), 'container-engine');
  const env = configure(folder);
  const run = async (command: string, ...args: string[]) => {
    const { stdout } = await start(command, args, { env, maxBuffer: 1 << 28, timeout: 1_500_000 });
    return stdout.trim();
  };
  const podman = (...args: string[]) => run('podman', ...args);
  const network = openNetwork();
  return {
    podman,
    network: network.facts,
    build: async (name) => {
      const images = await standIns({ folder, run });
      const contexts = baseImages().flatMap((image) => {
        const standIn = images[image.split(':')[0]];
        if (!standIn) throw new Error(`The Dockerfile begins from ${image}, which has no stand-in.`);
        return ['--build-context', `${image}=container-image://${standIn}`];
      });
      await run('buildah', 'bud', ...flags, ...volumes(), ...contexts, '--tag', name, root);
    },
    close: async () => network.close(),
  };
}

/** Its format is the one that knows health checks; nothing is asked of a registry. */
const flags = ['--isolation=chroot', '--format=docker', '--pull-never', '--layers=false', '--no-cache'];

function cacheFolder(): string {
  const { env } = process;
  return resolveFolders({ platform: hostPlatform(), env, home: homedir(), cwd: process.cwd() }).cache;
}

function configure(folder: string): NodeJS.ProcessEnv {
  mkdirSync(folder, { recursive: true });
  const storage = join(folder, 'storage.conf');
  const [graph, runFolder] = ['graph', 'run'].map((name) => join(folder, name));
  writeFileSync(storage, `[storage]\ndriver = "overlay"\ngraphroot = "${graph}"\nrunroot = "${runFolder}"\n`);
  const containers = join(folder, 'containers.conf');
  writeFileSync(containers, containersConfiguration);
  return { ...process.env, CONTAINERS_STORAGE_CONF: storage, CONTAINERS_CONF: containers };
}

/** What the Dockerfile's stages begin from, as it names them. */
function baseImages(): string[] {
  const from = [...read('Dockerfile').matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
  return [...new Set(from)];
}

/** What has been fetched before is fetched only once, and Rust is the one of this machine. */
function volumes(): string[] {
  const { CARGO_HOME = join(homedir(), '.cargo'), RUSTUP_HOME = join(homedir(), '.rustup') } = process.env;
  const npm = join(homedir(), '.npm');
  mkdirSync(npm, { recursive: true });
  return [`${CARGO_HOME}:/usr/local/cargo`, `${RUSTUP_HOME}:/usr/local/rustup`, `${npm}:${npmCache}`].flatMap(
    (volume) => ['--volume', volume],
  );
}

function openNetwork(): { facts: Network; close: () => void } {
  const name = `pidentify-${process.pid}`;
  const ip = (...args: string[]) => execFileSync('ip', args, { stdio: 'pipe' });
  ip('netns', 'add', name);
  ip('netns', 'exec', name, 'ip', 'link', 'set', 'lo', 'up');
  const wrap: Network['wrap'] = (command, ...args) => ['ip', ['netns', 'exec', name, command, ...args]];
  return {
    facts: {
      option: `ns:/run/netns/${name}`,
      wrap,
      run: (command, ...args) => execFileSync(...wrap(command, ...args), { encoding: 'utf8' }),
    },
    close: () => void ip('netns', 'delete', name),
  };
}
