import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Starting leaves garbage that V8 would keep as room to grow; after this long the rest is what is needed. */
const settleMs = 3000;

/** Gives back, once, the memory that only starting needed: a resting process otherwise keeps it for days. */
export function settleMemory(): void {
  setTimeout(() => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as (options: { type: 'major'; flavor: 'last-resort' }) => void;
    collect({ type: 'major', flavor: 'last-resort' });
  }, settleMs).unref();
}
