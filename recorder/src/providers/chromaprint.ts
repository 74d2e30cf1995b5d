/**
 * AcoustID's Chromaprint (https://acoustid.org/chromaprint) as the npm package `@unimusic/chromaprint` has it compiled. Only
 * its WebAssembly file is used: the code around it works in browsers alone.
 */
import { randomFillSync } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';

/** What a fingerprint is made of: AcoustID's own tool takes the first two minutes. */
const heardSeconds = 120;
const defaultAlgorithm = 1;
const pageBytes = 65_536;

/** Addresses are numbers; functions that give a number give 0 when they fail. */
type Chromaprint = {
  memory: WebAssembly.Memory;
  malloc(bytes: number): number;
  emscripten_stack_init(): void;
  __wasm_call_ctors(): void;
  chromaprint_new(algorithm: number): number;
  chromaprint_start(context: number, sampleRate: number, channels: number): number;
  chromaprint_feed(context: number, samples: number, count: number): number;
  chromaprint_finish(context: number): number;
  chromaprint_get_fingerprint(context: number, text: number): number;
};

let compiled: Promise<WebAssembly.Module> | undefined;

async function compile(): Promise<WebAssembly.Module> {
  const address = import.meta.resolve('@unimusic/chromaprint/dist/chromaprint.wasm');
  return WebAssembly.compile(await readFile(new URL(address)));
}

/** A fresh one for each track, so that its memory is given back as a whole. */
async function instantiate(): Promise<Chromaprint> {
  compiled ??= compile();
  const fails = (what: string) => () => {
    throw new Error(`chromaprint: ${what}`);
  };
  const nothing = () => 0;
  // What Emscripten's C library asks of the world around it; files and environment are never used.
  const env = {
    emscripten_resize_heap(bytes: number) {
      const { memory } = library;
      memory.grow(Math.ceil(((bytes >>> 0) - memory.buffer.byteLength) / pageBytes));
      return 1;
    },
    emscripten_get_now: () => performance.now(),
    emscripten_date_now: nothing,
    emscripten_err: nothing,
    _abort_js: fails('aborted'),
    __cxa_throw: fails('exception'),
    _setitimer_js: nothing,
    _emscripten_runtime_keepalive_clear: nothing,
  };
  const wasi_snapshot_preview1 = {
    fd_write: nothing,
    fd_close: nothing,
    fd_seek: nothing,
    environ_sizes_get: nothing,
    environ_get: nothing,
    proc_exit: fails('ended'),
    random_get(address: number, bytes: number) {
      randomFillSync(new Uint8Array(library.memory.buffer, address, bytes));
      return 0;
    },
  };
  const { exports } = await WebAssembly.instantiate(await compiled, { env, wasi_snapshot_preview1 });
  const library = exports as unknown as Chromaprint;
  library.emscripten_stack_init();
  library.__wasm_call_ctors();
  return library;
}

const must = (given: number, what: string): number => {
  if (given === 0) throw new Error(`chromaprint: ${what} failed`);
  return given;
};

/**
 * The compressed fingerprint of the first two minutes of mono sound (full scale 1, blocks cut anywhere, `sampleRate` Hz), as
 * AcoustID takes it. Gives way to other work after each second.
 */
export async function chromaprint(blocks: AsyncIterable<Float32Array>, sampleRate: number): Promise<string> {
  const library = await instantiate();
  const context = must(library.chromaprint_new(defaultAlgorithm), 'new');
  must(library.chromaprint_start(context, sampleRate, 1), 'start');
  const chunk = sampleRate;
  const address = must(library.malloc(chunk * 2), 'malloc');
  let left = heardSeconds * sampleRate;
  for await (const block of blocks) {
    for (let from = 0; from < block.length && left > 0; from += chunk) {
      const part = block.subarray(from, Math.min(from + Math.min(chunk, left), block.length));
      // Anew each time: memory that has grown is another buffer.
      const samples = new Int16Array(library.memory.buffer, address, chunk);
      for (let i = 0; i < part.length; i += 1)
        samples[i] = Math.round(Math.max(-1, Math.min(1, part[i])) * 32_767);
      must(library.chromaprint_feed(context, address, part.length), 'feed');
      left -= part.length;
      await setImmediate();
    }
    if (left <= 0) break;
  }
  must(library.chromaprint_finish(context), 'finish');
  const text = must(library.malloc(4), 'malloc');
  must(library.chromaprint_get_fingerprint(context, text), 'get_fingerprint');
  const bytes = new Uint8Array(library.memory.buffer);
  const begin = new DataView(library.memory.buffer).getUint32(text, true);
  return Buffer.from(bytes.subarray(begin, bytes.indexOf(0, begin))).toString('latin1');
}
