/**
 * Images in the place of those the Dockerfile begins from, which no registry serves here: Debian from its own packages,
 * with the Node and the Rust of this machine. They are made once and kept in the cache folder.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

type Run = (command: string, ...args: string[]) => Promise<string>;

/** Certificates of this machine's own, for where its way to the packages needs one. */
const certificates = '/usr/local/share/ca-certificates';

/** Where npm keeps what it has fetched, inside the stand-in for Node. */
export const npmCache = '/var/cache/npm';

const repository = 'localhost/pidentify-stand-in';
/** A change of this file or of Node makes new ones. */
const tag = createHash('sha256')
  .update(readFileSync(import.meta.filename))
  .update(process.version)
  .digest('hex')
  .slice(0, 12);

const nodeRecipe = `FROM ${repository}/debian:${tag}
COPY node /usr/local/bin/node
COPY npm /usr/local/lib/node_modules/npm
`;

const rustRecipe = `FROM ${repository}/debian:${tag}
RUN apt-get update && apt-get install --yes --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
`;

/** Name of the stand-in for each image, by the image's name without tag. */
export async function standIns({
  folder,
  run,
}: {
  folder: string;
  run: Run;
}): Promise<Record<string, string>> {
  const made: Record<string, string> = {};
  for (const [name, make] of Object.entries({ debian, node, rust })) {
    const image = `${repository}/${name}:${tag}`;
    if ((await run('podman', 'images', '--quiet', image)) === '') {
      const older = await run('podman', 'images', '--quiet', `${repository}/${name}`);
      if (older !== '') await run('podman', 'rmi', '--force', ...older.split('\n'));
      await make({ folder, image, run });
    }
    made[name] = image;
  }
  return made;
}

type Making = { folder: string; image: string; run: Run };

async function debian({ folder, image, run }: Making): Promise<void> {
  const archive = join(folder, 'debian.tar');
  const own = existsSync(certificates)
    ? readdirSync(certificates).map((name) => join(certificates, name))
    : [];
  const copies = own.map((path) => `--customize-hook=copy-in ${path} ${certificates}/`);
  await run(
    'mmdebstrap',
    '--variant=minbase',
    `--customize-hook=mkdir -p "$1${certificates}"`,
    ...copies,
    'bookworm',
    archive,
  );
  await run('podman', 'import', archive, image);
  rmSync(archive);
}

async function node({ folder, image, run }: Making): Promise<void> {
  const context = join(folder, 'node');
  mkdirSync(context, { recursive: true });
  cpSync(process.execPath, join(context, 'node'));
  // npm itself may be anywhere; its command is a link to npm/bin/npm-cli.js.
  const command = await run('readlink', '--canonicalize', await run('which', 'npm'));
  cpSync(dirname(dirname(command)), join(context, 'npm'), { recursive: true });
  writeFileSync(
    join(context, 'npm', 'npmrc'),
    `cafile=/etc/ssl/certs/ca-certificates.crt\ncache=${npmCache}\n`,
  );
  await build({ context, recipe: nodeRecipe, image, run });
}

async function rust({ folder, image, run }: Making): Promise<void> {
  const context = join(folder, 'rust');
  mkdirSync(context, { recursive: true });
  await build({ context, recipe: rustRecipe, image, run });
}

async function build(options: { context: string; recipe: string; image: string; run: Run }): Promise<void> {
  const { context, recipe, image, run } = options;
  writeFileSync(join(context, 'Dockerfile'), recipe);
  await run('buildah', 'bud', '--isolation=chroot', '--pull-never', '--tag', image, context);
  rmSync(context, { recursive: true });
}
