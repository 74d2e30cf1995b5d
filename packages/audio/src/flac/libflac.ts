type Flac = import('libflacjs').Flac;

let loading: Promise<Flac> | null = null;

/** libFLAC as WebAssembly, loaded at first use. */
export function loadLibflac(): Promise<Flac> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Flac> {
  const { default: libflac } = await import('libflacjs');
  const flac = withoutFetch(() => libflac('min.wasm'));
  if (!flac.isReady()) await new Promise<void>((resolve) => flac.on('ready', () => resolve()));
  return flac;
}

/**
 * libflacjs 5.6.0 fetches its WebAssembly by a path when it sees a global `fetch`, which Node refuses;
 * without one it reads the file. It looks while it is loaded, which does not wait for anything.
 */
function withoutFetch<T>(load: () => T): T {
  const fetch = Object.getOwnPropertyDescriptor(globalThis, 'fetch');
  if (!fetch) return load();
  Object.defineProperty(globalThis, 'fetch', { value: undefined, configurable: true, writable: true });
  try {
    return load();
  } finally {
    Object.defineProperty(globalThis, 'fetch', fetch);
  }
}
