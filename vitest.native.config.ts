import { defineConfig } from 'vitest/config';

// The window, as its package installs it: needs Rust and what docs/native-build.md names, and builds it first.
export default defineConfig({
  test: {
    include: ['e2e/native/**/*.test.ts'],
    globalSetup: 'e2e/native/build.ts',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 900_000,
  },
});
