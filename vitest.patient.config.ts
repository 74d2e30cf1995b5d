import { defineConfig } from 'vitest/config';

// Each file plays minutes of music to the whole program and mostly waits: side by side.
export default defineConfig({
  test: {
    include: ['e2e/patient/*.test.ts'],
    maxWorkers: 3,
    testTimeout: 240_000,
    hookTimeout: 180_000,
  },
});
