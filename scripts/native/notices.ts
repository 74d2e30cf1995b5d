import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { z } from 'zod';
import { withCompiledIn } from './compiled-in.ts';
import {
  type Component,
  crateComponents,
  forbiddenComponents,
  npmComponents,
  programComponents,
  unnamedLibraries,
} from './components.ts';
import type { Layout } from './layout.ts';
import { must } from './parts.ts';
import type { Step } from './steps.ts';

/**
 * The licences of everything inside, for people (THIRD_PARTY_NOTICES.txt) and for programs (sbom.cdx.json, CycloneDX
 * 1.6). Stops at a licence that we must not ship, and at a library that nothing here stands for.
 */
export function noticesStep(
  layout: Layout,
  options: { version: string; fileLists: readonly string[]; manifests: readonly string[] },
): Step {
  const { root, services, target } = layout;
  const notices = join(services, 'THIRD_PARTY_NOTICES.txt');
  const sbom = join(services, 'sbom.cdx.json');
  return {
    name: 'notices',
    makes: 'naming what is inside',
    inputs: ['package-lock.json', 'scripts/native', ...options.fileLists].concat(
      options.manifests.flatMap((manifest) => [manifest, join(manifest, '../Cargo.lock')]),
    ),
    outputs: [notices, sbom],
    run: () => {
      const files = options.fileLists.flatMap((list) =>
        z.array(z.string()).parse(JSON.parse(readFileSync(list, 'utf8'))),
      );
      const crates = options.manifests.flatMap((manifest) => crateComponents(manifest, target.triple));
      const components = [
        ...programComponents(layout, { node: nodeVersion(layout), valkey: valkeyVersion(layout) }),
        ...withCompiledIn(root, npmComponents(root, files)),
        ...new Map(crates.map((crate) => [`${crate.name} ${crate.version}`, crate])).values(),
      ].sort((a, b) => a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name));
      const forbidden = forbiddenComponents(components);
      if (forbidden.length > 0) {
        const named = forbidden.map(({ name, licence }) => `${name} (${licence})`);
        throw new Error(`Not to be shipped: ${named.join(', ')}`);
      }
      mkdirSync(services, { recursive: true });
      const unnamed = unnamedLibraries(
        readdirSync(services, { encoding: 'utf8', recursive: true }).map((path) =>
          path.replaceAll('\\', '/'),
        ),
        components,
      );
      if (unnamed.length > 0) throw new Error(`Shipped and not named: ${unnamed.join(', ')}`);
      writeFileSync(notices, noticesText(components));
      writeFileSync(sbom, sbomText(components, options.version));
      return `${components.length} components`;
    },
  };
}

const nodeVersion = (layout: Layout) => must(layout.program('pidentify-node'), ['--version']).trim().slice(1);

function valkeyVersion({ services, program }: Layout): string | null {
  const path =
    process.platform === 'darwin' ? program('pidentify-valkey') : join(services, 'valkey/bin/valkey-server');
  if (process.platform === 'win32') return null;
  const env = { ...process.env, LD_LIBRARY_PATH: join(services, 'valkey/lib') };
  return /v=(\S+)/.exec(must(path, ['--version'], { env }))?.[1] ?? null;
}

/** Same texts, whatever their line breaks, are printed once, below the names of all who share them. */
export function noticesText(components: readonly Component[]): string {
  const named = components.flatMap(({ name, version, licence, texts }) => {
    const none = [`${licence}. It brings no text of its own.`];
    return (texts.length > 0 ? texts : none).map((text) => ({
      name: `${name} ${version} (${licence})`,
      text,
    }));
  });
  const groups = [...Map.groupBy(named, ({ text }) => text.replaceAll(/\s+/g, ' ')).values()].map(
    (group) => `${group.map(({ name }) => name).join('\n')}\n\n${group[0].text}\n`,
  );
  const head =
    'Pidentify contains the works of others, named below with their licences.\n\n' +
    'codec-parser, mpg123 (in mpg123-decoder) and chromaprint (in @unimusic/chromaprint) are under the GNU Lesser ' +
    'General Public License. Each is a file of its own, services/node_modules/<name>/index.js or ' +
    'services/node_modules/@unimusic/chromaprint/dist/chromaprint.wasm, which may be replaced by another version. ' +
    'Their sources: https://github.com/eshaz/codec-parser, https://github.com/eshaz/wasm-audio-decoders and ' +
    'https://github.com/UniMusic-app/unimusic-chromaprint.\n';
  return [head, ...groups].join(`\n${'-'.repeat(80)}\n\n`);
}

/** A bill of materials in CycloneDX 1.6, the same for the same components. */
export function sbomText(components: readonly Component[], version: string): string {
  const bom = new Models.Bom();
  bom.metadata.component = new Models.Component(Enums.ComponentType.Application, 'Pidentify', {
    version,
    bomRef: 'pidentify',
  });
  for (const { kind, name, version: has, licence } of components) {
    const purl = `pkg:${kind}/${name.replace('@', '%40')}@${has}`;
    const component = new Models.Component(Enums.ComponentType.Library, name, {
      version: has,
      bomRef: purl,
      purl,
    });
    component.licenses.add(new Models.LicenseExpression(licence.replaceAll('/', ' OR ')));
    bom.components.add(component);
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return serializer.serialize(bom, { sortLists: true, space: 1 });
}
