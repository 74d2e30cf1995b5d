// Fetches a pinned Valkey from Debian's own packages into a cache folder, without installing it.
// Plain JavaScript on node: built-ins only, because it runs on Node 20, before the dependencies exist.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Debian release -> suite that has the server, the version of each package and the SHA-256 of its file.
 * libatomic1, libjemalloc2 and liblzf1 are what the server links that a bare Debian lacks.
 */
const pins = {
  bookworm: {
    suite: 'bookworm-backports',
    version: '8.0.1',
    packages: {
      'valkey-server': {
        version: '8.0.1+dfsg1-1~bpo12+1',
        amd64: '986d97e75766d9b18c56159dd904337ec0a1222977235cad7ba56ddc4fd856eb',
        arm64: '2d21a38b463aeec184f809e72356a53f07f9e58762755bba19f2c1406e336167',
      },
      'valkey-tools': {
        version: '8.0.1+dfsg1-1~bpo12+1',
        amd64: 'd2c2ea67642fa9571a07138b80ae52ebe566311c952aef25a39c1d5050697853',
        arm64: 'e95a3d0a605f7e5d7e8d95d31292b4589abbc14d08a4df34a2a676dac1767163',
      },
      libatomic1: {
        version: '12.2.0-14+deb12u1',
        amd64: 'fbd4e154a6b444229ea002cc209df099209c0adc09102e5fd21239a3d2b55e2d',
        arm64: '1693aa13ce2b30d061a519fc28b77b9bab8c8e45804ced5969d99821e1bc2159',
      },
      libjemalloc2: {
        version: '5.3.0-1',
        amd64: 'a4117c23c5c8acf6c9678a6cb086f000b79476369da7efe8a78a70826956ad3d',
        arm64: '866eba7688ec5cbb98200a05540c4909df6320557371b634b5d394cd32b9f252',
      },
      liblzf1: {
        version: '3.6-3',
        amd64: '9854b0866201b63e04f1e446f45f01ef4a6f72c61f2250b75f944f6046cc7e8c',
        arm64: '7bd48f5f5e3cacd0e8e46f943c6cc71bc10e2f0d62d2f5cac926dbae7d7b0beb',
      },
    },
  },
  trixie: {
    suite: 'trixie',
    version: '8.1.1',
    packages: {
      'valkey-server': {
        version: '8.1.1+dfsg1-3+deb13u2',
        amd64: 'a67e7e75dd55e9856bd280b4d948b66b37bf9e4ae26717899a0fef147db07a20',
        arm64: 'a19963db90c70bf293a4945e72b0caa46ffe961569a7ef1e5dfb46516e1f8a58',
      },
      'valkey-tools': {
        version: '8.1.1+dfsg1-3+deb13u2',
        amd64: '269a9a8ecce9a900cdc7177d653cc144ee705b3a967965277d71d6ccfe43f339',
        arm64: '25a7e1778d35e1d8f6f905daa41462ffcc51d4883049db0e5fb4516463658177',
      },
      libatomic1: {
        version: '14.2.0-19',
        amd64: '212b399aae2f7299203d261a57e49372e09565a9a5ea971905f94a3960366c05',
        arm64: '7ccff90234484bf21ae5ecb79d25b6a84b2f4038f65dd139085b2e3a937cd8dc',
      },
      libjemalloc2: {
        version: '5.3.0-3',
        amd64: 'e7d64919e620e8ea46960104efe1e9c977d751e5b610a5d89b0b51aeae9530d7',
        arm64: '437c48a6d591579bc812fc583ff0f28ac34a7d5c36b7d4e9f4f8809650430f3e',
      },
      liblzf1: {
        version: '3.6-4+b3',
        amd64: '1f7677f1098f9f643806d64a2ed54d14bcd5954e71b63c2aa1e9bb7bcd84d783',
        arm64: '2ac6c711c55009103c5de103f24133aa6a49882cc326daac2b165cd42417fbcb',
      },
    },
  },
};

const debianArchitectures = { x64: 'amd64', arm64: 'arm64' };

/**
 * Path of a Valkey server under `cacheDir` (`tools/valkey-<version>/bin/valkey-server`, where
 * `fetchedValkey` of packages/platform looks, its libraries in
 * `../lib`), fetched when it is not there yet; null when it cannot be had on this machine (`log` says
 * why). Uses no network when it is there.
 * @param {{ cacheDir: string, log: (line: string) => void, osReleaseFile?: string }} options
 * @returns {Promise<string | null>}
 */
export async function provideValkey({ cacheDir, log, osReleaseFile = '/etc/os-release' }) {
  const pin = pins[await debianCodename(osReleaseFile)];
  const architecture = debianArchitectures[process.arch];
  if (!pin || !architecture) {
    log('Valkey: this is not Debian 12 or 13 on amd64 or arm64; not fetched');
    return null;
  }
  const tools = join(cacheDir, 'tools');
  const target = join(tools, `valkey-${pin.version}`);
  const server = join(target, 'bin', 'valkey-server');
  if (await exists(server)) return server;
  await mkdir(tools, { recursive: true });
  const work = await mkdtemp(join(tools, '.valkey-'));
  try {
    log(`Valkey ${pin.version}: fetching`);
    const files = await download({ pin, architecture, work });
    for (const file of files) await run('dpkg', ['-x', file, join(work, 'root')]);
    await arrange({ root: join(work, 'root'), target: join(work, 'ready') });
    await run(join(work, 'ready', 'bin', 'valkey-server'), ['--version'], {
      env: { ...process.env, LD_LIBRARY_PATH: join(work, 'ready', 'lib') },
    });
    await renameUnlessThere(join(work, 'ready'), target);
    return server;
  } catch (error) {
    log(`Valkey ${pin.version}: could not be fetched: ${error.message}`);
    return null;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function debianCodename(osReleaseFile) {
  const text = await readFile(osReleaseFile, 'utf8').catch(() => ''); // no such file: not a Linux with apt
  return /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(text)?.[1] ?? '';
}

/** Downloads every package of the pin through private apt lists; returns the verified files. */
async function download({ pin, architecture, work }) {
  const lists = join(work, 'lists', 'partial');
  const cache = join(work, 'cache', 'archives', 'partial');
  await Promise.all([lists, cache].map((folder) => mkdir(folder, { recursive: true })));
  const sources = join(work, 'debian.sources');
  await writeFile(sources, await sourcesFor(pin));
  const options = [
    ['Dir::Etc::SourceList', sources],
    ['Dir::Etc::SourceParts', '/dev/null'],
    ['Dir::State::Lists', join(work, 'lists')],
    ['Dir::Cache', join(work, 'cache')],
    ['APT::Sandbox::User', 'root'],
    ['Acquire::Languages', 'none'],
    ['Acquire::Retries', '3'],
    ['Acquire::IndexTargets::deb::DEP-11::DefaultEnabled', 'false'],
  ].flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  await run('apt-get', [...options, '-q', 'update'], { cwd: work });
  const wanted = Object.entries(pin.packages).map(([name, { version }]) => `${name}=${version}`);
  await run('apt-get', [...options, '-q', 'download', ...wanted], { cwd: work });
  return Promise.all(Object.keys(pin.packages).map((name) => verified({ pin, name, architecture, work })));
}

async function verified({ pin, name, architecture, work }) {
  const file = (await readdir(work)).find((entry) => entry.startsWith(`${name}_`) && entry.endsWith('.deb'));
  if (!file) throw new Error(`${name} was not delivered`);
  const hash = createHash('sha256')
    .update(await readFile(join(work, file)))
    .digest('hex');
  if (hash !== pin.packages[name][architecture]) throw new Error(`${file} has an unexpected SHA-256`);
  return join(work, file);
}

/** An apt source with the mirror this machine itself uses, for the release and the pin's suite. */
async function sourcesFor(pin) {
  const release = pin.suite.split('-')[0];
  const format = '$(REPO_URI) $(RELEASE) $(COMPONENT)';
  const targets = await run('apt-get', ['indextargets', '--format', format, 'Created-By: Packages']);
  const rows = targets.split('\n').map((line) => line.trim().split(' '));
  const mirror = rows.find(([, suite, component]) => suite === release && component === 'main')?.[0];
  if (!mirror) throw new Error(`apt on this machine has no source for ${release}`);
  const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
  return [
    'Types: deb',
    `URIs: ${mirror}`,
    `Suites: ${[...new Set([release, pin.suite])].join(' ')}`,
    'Components: main',
    ...((await exists(keyring)) ? [`Signed-By: ${keyring}`] : []),
    '',
  ].join('\n');
}

/** From the packages' own layout to `bin/valkey-server` and `lib/*.so*`. */
async function arrange({ root, target }) {
  await mkdir(join(target, 'lib'), { recursive: true });
  await mkdir(join(target, 'bin'), { recursive: true });
  // In the package valkey-server is a link to valkey-check-rdb; the copy follows it.
  await cp(join(root, 'usr/bin/valkey-server'), join(target, 'bin/valkey-server'), { dereference: true });
  const libraries = join(root, 'usr/lib');
  for (const triplet of (await readdir(libraries)).filter((name) => name.endsWith('-linux-gnu'))) {
    await cp(join(libraries, triplet), join(target, 'lib'), { recursive: true, dereference: true });
  }
}

async function renameUnlessThere(from, to) {
  try {
    await rename(from, to);
  } catch (error) {
    // Another start has put the same version there in the meantime.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
}

async function exists(path) {
  return stat(path).then(
    () => true,
    () => false, // whatever the reason, it cannot be used
  );
}

/** Standard output of a program that must succeed. */
function run(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
      output.stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output.stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) resolve(output.stdout);
      else
        reject(
          new Error(`${program} ended with status ${status}: ${output.stderr.trim().split('\n').at(-1)}`),
        );
    });
  });
}
