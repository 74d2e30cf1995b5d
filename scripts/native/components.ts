/** What of others is in the native app: npm packages, crates, and the programs that are taken as they are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { Layout } from './layout.ts';
import { valkeyLibraries } from './libraries.ts';
import { must } from './parts.ts';

export type Component = {
  kind: 'npm' | 'cargo' | 'generic';
  name: string;
  version: string;
  /** SPDX expression, as its makers wrote it. */
  licence: string;
  /** Licence and notice files; none when it brings none. */
  texts: string[];
};

const packageSchema = z.object({
  name: z.string(),
  version: z.string(),
  license: z.union([z.string(), z.object({ type: z.string() }).transform(({ type }) => type)]).optional(),
});

/** Packages whose licence stands in their LICENSE file only. */
const licencesElsewhere: Record<string, string | undefined> = { respjs: 'MIT' };

/** The npm packages that own any of these files, each once. Throws for one that names no licence. */
export function npmComponents(root: string, files: readonly string[]): Component[] {
  const folders = new Set(
    files.flatMap((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []),
  );
  const components = [...folders].map((folder) =>
    npmComponent(folder.startsWith('/') ? folder : join(root, folder)),
  );
  return unique(components.filter(({ name }) => !name.startsWith('@pidentify/')));
}

function npmComponent(folder: string): Component {
  const found = packageSchema.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
  const licence = found.license ?? licencesElsewhere[found.name];
  if (!licence) throw new Error(`${folder} names no licence.`);
  return {
    kind: 'npm',
    name: found.name,
    version: found.version,
    licence,
    texts: licenceTexts(folder),
  };
}

const metadataSchema = z.object({
  packages: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      version: z.string(),
      license: z.string().nullable(),
      source: z.string().nullable(),
      manifest_path: z.string(),
    }),
  ),
  resolve: z.object({
    root: z.string(),
    nodes: z.array(
      z.object({
        id: z.string(),
        deps: z.array(
          z.object({ pkg: z.string(), dep_kinds: z.array(z.object({ kind: z.string().nullable() })) }),
        ),
      }),
    ),
  }),
});

/** The crates linked into a program, without those only its build or its tests need. */
export function crateComponents(manifest: string, triple: string): Component[] {
  const args = ['metadata', '--format-version', '1', '--locked', '--filter-platform', triple];
  const { packages, resolve } = metadataSchema.parse(
    JSON.parse(must('cargo', [...args, '--manifest-path', manifest])),
  );
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node.deps]));
  const linked = new Set([resolve.root]);
  // A set may grow while it is walked: what is added is visited too.
  for (const id of linked) {
    for (const { pkg, dep_kinds: kinds } of nodes.get(id) ?? []) {
      if (kinds.some(({ kind }) => kind === null)) linked.add(pkg);
    }
  }
  return packages
    .filter(({ id, source }) => linked.has(id) && source !== null)
    .map(({ name, version, license, manifest_path }) => {
      if (!license) throw new Error(`The crate ${name} names no licence.`);
      return { kind: 'cargo', name, version, licence: license, texts: licenceTexts(dirname(manifest_path)) };
    });
}

/**
 * Of the paths below `services`, those of compiled libraries that no component stands for. One in `node_modules`
 * belongs to its package, one elsewhere has to be in `valkeyLibraries`.
 */
export function unnamedLibraries(paths: readonly string[], components: readonly Component[]): string[] {
  const named = new Set(components.map(({ name }) => name));
  return paths
    .filter((path) => /\.(so(\.\d+)*|node|dylib|dll|wasm)$/.test(path))
    .filter((path) => {
      const owner = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
      return !named.has(owner ?? valkeyLibraries[basename(path)]?.name ?? '');
    });
}

/** Node, and on systems that have one Valkey with its libraries. */
export function programComponents(
  layout: Layout,
  versions: { node: string; valkey: string | null },
): Component[] {
  const { root, target } = layout;
  const own = (name: string) => readFileSync(join(root, 'scripts/native/licences', `${name}.txt`), 'utf8');
  const nodeLicence = readFileSync(join(root, 'node_modules', target.nodePackage, 'LICENSE'), 'utf8');
  const node = { name: 'node', version: versions.node, licence: 'MIT', texts: [nodeLicence] };
  const valkey = { name: 'valkey', licence: 'BSD-3-Clause', texts: [own('valkey')] };
  const libraries = Object.entries(valkeyLibraries).flatMap(([file, library]) =>
    library && existsSync(join(layout.services, 'valkey/lib', file))
      ? [{ ...library, texts: [own(library.name)] }]
      : [],
  );
  return [node, ...(versions.valkey ? [{ ...valkey, version: versions.valkey }, ...libraries] : [])].map(
    (component) => ({ kind: 'generic', ...component }),
  );
}

function licenceTexts(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice|unlicense)/i.test(entry.name))
    .map(({ name }) => readFileSync(join(folder, name), 'utf8').trim());
}

function unique(components: Component[]): Component[] {
  return [...new Map(components.map((one) => [`${one.kind} ${one.name} ${one.version}`, one])).values()];
}

/**
 * Components whose licence asks more of us than to be named: copyleft that reaches what it is linked with. LGPL is
 * allowed, because those parts are files of their own that anybody may replace.
 */
export function forbiddenComponents(components: readonly Component[]): Component[] {
  const choices = (licence: string) => licence.replaceAll(/[()]/g, '').split(/ OR |\//);
  const free = (choice: string) => !/(?<!L)GPL|SSPL|BUSL|Commons-Clause|-NC-|UNLICENSED/.test(choice);
  return components.filter(({ licence }) => !choices(licence).some(free));
}
