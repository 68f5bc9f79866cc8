/**
 * Builds the app to `dist`, which apps/server serves as it is. Packages come from their sources
 * (the `source` export condition), so a build of the app needs no build before it.
 */
import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

/** `npm run dev` of the app talks to a server started beside it. */
const serverUrl = process.env['QUIRE_SERVER'] ?? 'http://127.0.0.1:1234'

export default defineConfig({
  plugins: [react()],
  resolve: {
    conditions: ['source', ...defaultClientConditions],
    // A second copy of any of these breaks `instanceof` silently.
    dedupe: [
      'react',
      'react-dom',
      'yjs',
      'y-protocols',
      'lib0',
      'prosemirror-model',
      'prosemirror-state',
      'prosemirror-transform',
      'prosemirror-view',
      'prosemirror-tables',
    ],
  },
  build: {
    target: 'es2023',
    sourcemap: true,
    // The policy `default-src 'self'` has no data: URLs; every asset is a file.
    assetsInlineLimit: 0,
    // The document page carries the editor; one known large chunk, loaded by that page only.
    chunkSizeWarningLimit: 900,
  },
  server: {
    proxy: {
      '/api': serverUrl,
      '/files': serverUrl,
      '/sync': { target: serverUrl, ws: true },
    },
  },
})
