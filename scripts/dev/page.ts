import { createServer as createNetServer } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'vite';

/** The page as Vite serves it from its sources; what it asks of the API goes to `apiPort`. */
export type DevPage = {
  url: string;
  port: number;
  apiPort: number;
  /** Calls `changed` with the path of each file below these folders that is written, made or removed. */
  watch: (folders: readonly string[], changed: (path: string) => void) => void;
  close: () => Promise<void>;
};

const usualPort = 8000;

/** The API's port is chosen once, so that it stays the same when the services start anew. */
export async function servePage(options: {
  root: string;
  cacheFolder: string;
  port?: number;
}): Promise<DevPage> {
  const { root, cacheFolder, port } = options;
  const web = join(root, 'web');
  const apiPort = await freePort();
  const vite = await createServer({
    root: web,
    configFile: join(web, 'vite.config.ts'),
    cacheDir: cacheFolder,
    logLevel: 'warn',
    clearScreen: false,
    server: {
      host: '127.0.0.1',
      port: port === 0 ? await freePort() : (port ?? usualPort),
      strictPort: port !== undefined,
      proxy: { '/api': { target: `http://127.0.0.1:${apiPort}`, ws: true } },
    },
  });
  await vite.listen();
  const served = vite.config.server.port ?? usualPort;
  const address = vite.httpServer?.address();
  const bound = address && typeof address === 'object' ? address.port : served;
  return {
    url: `http://127.0.0.1:${bound}/`,
    port: bound,
    apiPort,
    watch(folders, changed) {
      vite.watcher.add([...folders]);
      vite.watcher.on('all', (_, path) => {
        if (folders.some((folder) => path.startsWith(folder))) changed(path);
      });
    },
    close: () => vite.close(),
  };
}

/** One nobody listened at a moment ago. */
function freePort(): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const server = createNetServer();
  server.once('error', reject);
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    server.close(() =>
      address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
    );
  });
  return promise;
}
