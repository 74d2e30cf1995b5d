import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite` alone (development) finds the API: the fake server's usual address. */
const developmentApi = 'http://127.0.0.1:4800';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Safari 16 is the web view of the oldest macOS we run on.
    target: ['es2022', 'safari16'],
    // A picture inlined as data: would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One piece, so that src/zod-settings.ts runs before the schemas, as it does in development.
    rolldownOptions: {
      output: { codeSplitting: { groups: [{ name: 'contracts', test: /zod|packages.contracts/ }] } },
    },
    reportCompressedSize: true,
  },
  server: {
    proxy: { '/api': { target: developmentApi, ws: true } },
  },
});
