/** Random numbers that are the same for the same seed, as the engine's own tests use them. */
export { seeded } from '../packages/fingerprint/src/testing/tune.ts';
