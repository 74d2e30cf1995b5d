import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,recorder,server,supervisor,web,checks,scripts}/**/*.test.{ts,tsx}'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Two cores in CI, and some tests start real processes.
    maxWorkers: 2,
  },
});
