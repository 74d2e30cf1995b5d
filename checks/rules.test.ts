import { describe, expect, it } from 'vitest';
import { isCode, isTest, projectFiles, read } from './tree.ts';

const files = projectFiles();
const code = files.filter(isCode);
const shipped = code.filter((path) => !isTest(path));

/** Files that may ask what the rest is told: entry points, and tools that run before anything else does. */
const readsEnvironment = (path: string) =>
  /^(recorder|server|supervisor)\/src\/([a-z-]+\/)?(main|migrate|bus-server|fingerprint-cli|[a-z-]+-worker)\.ts$/.test(
    path,
  ) || /^(scripts|web\/dev)\//.test(path);
const readsPlatform = (path: string) => path.startsWith('packages/platform/') || path.startsWith('scripts/');

describe('repo rules', () => {
  it('process.env is read only where a process begins', () => {
    expect(shipped.filter((path) => /process\.env\b/.test(read(path)) && !readsEnvironment(path))).toEqual(
      [],
    );
  });

  it('only packages/platform asks which system this is', () => {
    expect(
      shipped.filter((path) => /process\.platform\b|os\.platform\(/.test(read(path)) && !readsPlatform(path)),
    ).toEqual([]);
  });

  it('a thing lives with the noun it is about: no folder for leftovers', () => {
    const leftovers = files.filter((path) => /(^|\/)(shared|common|utils?|helpers?|core|misc)\//.test(path));
    expect(leftovers).toEqual([]);
  });

  it('nobody is told to use npm by what runs in the native app, which has none', () => {
    const rooms = /^(packages\/\w+|recorder|server|supervisor|web)\/src\//;
    const telling = shipped.filter((path) => rooms.test(path) && !path.includes('/testing/'));
    expect(telling.filter((path) => /['`].*npm (start|run)/.test(read(path)))).toEqual([]);
  });

  it('no catch is empty', () => {
    const empty = code.filter((path) =>
      /catch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\s*\(\s*\w*\s*\)\s*=>\s*(undefined|null|\{\s*\})\s*\)/.test(
        read(path),
      ),
    );
    expect(empty).toEqual([]);
  });

  it('nothing is left to do later in a comment', () => {
    const marks = new RegExp(
      `\\b(${['TO', 'DO'].join('')}|${['FIX', 'ME'].join('')}|${['XX', 'X'].join('')})\\b`,
    );
    expect(code.filter((path) => marks.test(read(path)))).toEqual([]);
  });

  it('no test is skipped or run alone', () => {
    const tests = code.filter((path) => /\.test\.tsx?$/.test(path) && !path.startsWith('checks/'));
    expect(
      tests.filter((path) => /\b(it|test|describe)\.(skip|only|todo|skipIf|runIf)\b/.test(read(path))),
    ).toEqual([]);
  });

  it('no file names the host of a package registry or a path of a developer machine', () => {
    const hosts = [
      'registry.npmjs' + '.org',
      'registry.yarnpkg' + '.com',
      'crates.io/' + 'api',
      'deb.debian' + '.org',
      '/work/' + 'main',
      '/root/' + '.',
    ];
    const text = files.filter((path) =>
      /\.(ts|tsx|mjs|json|md|toml|yml|yaml|sh|css|html|sql|rs)$|(^|\/)(Dockerfile|run)$/.test(path),
    );
    const breaches = text
      .filter((path) => !/(package-lock\.json|Cargo\.lock)$/.test(path))
      .flatMap((path) => hosts.filter((host) => read(path).includes(host)).map((host) => `${path}: ${host}`));
    expect(breaches).toEqual([]);
  });

  it('every dependency is locked to one exact version', () => {
    const loose = files
      .filter((path) => /(^|\/)package\.json$/.test(path))
      .flatMap((path) => {
        const manifest = JSON.parse(read(path)) as Record<string, Record<string, string>>;
        return ['dependencies', 'devDependencies', 'optionalDependencies']
          .flatMap((kind) => Object.entries(manifest[kind] ?? {}))
          .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
          .map(([name, version]) => `${path}: ${name}@${version}`);
      });
    expect(loose).toEqual([]);
  });
});

describe('documents', () => {
  it('docs/errors.md lists every error code', async () => {
    const { errorCatalogue } = await import('@pidentify/contracts');
    const text = read('docs/errors.md');
    const missing = Object.entries(errorCatalogue)
      .filter(([name, { status }]) => !text.includes(`\`${name}\``) || !text.includes(String(status)))
      .map(([name]) => name);
    expect(missing).toEqual([]);
  });

  it('every link between documents leads to a file', () => {
    const present = new Set(files);
    const broken = files
      .filter((path) => path.endsWith('.md'))
      .flatMap((path) =>
        [...read(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map((match) => {
          const folder = path.split('/').slice(0, -1);
          const target = match[1].split('/').reduce<string[]>((parts, part) => {
            if (part === '..') parts.pop();
            else if (part !== '.' && part !== '') parts.push(part);
            return parts;
          }, folder);
          return { path, target: target.join('/') };
        }),
      )
      .filter(({ target }) => !present.has(target) && !files.some((file) => file.startsWith(`${target}/`)))
      .map(({ path, target }) => `${path} -> ${target}`);
    expect(broken).toEqual([]);
  });

  it('ARCHITECTURE.md names files of the flow that exist', () => {
    const present = new Set(files);
    const named = [
      ...read('ARCHITECTURE.md').matchAll(
        /`((?:packages|recorder|server|supervisor|web|scripts)\/[\w./-]+\.(?:tsx?|mjs))`/g,
      ),
    ];
    expect(named.length).toBeGreaterThan(8);
    expect(named.map((match) => match[1]).filter((path) => !present.has(path))).toEqual([]);
  });
});
