import { defineConfig } from 'vitest/config';

// The window: needs Rust and the packages docs/native-build.md names, and builds the shell first.
export default defineConfig({
  test: {
    include: ['e2e/native/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 900_000,
  },
});
