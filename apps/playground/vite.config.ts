/** Builds the two pages of the playground to `dist`; paths in it are relative, so that any folder of any server can hold it. */
import { fileURLToPath } from 'node:url'
import { defaultClientConditions, defineConfig } from 'vite'

const page = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

export default defineConfig({
  base: './',
  resolve: {
    conditions: ['source', ...defaultClientConditions],
    // A second copy of any of these breaks `instanceof` silently.
    dedupe: [
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
    chunkSizeWarningLimit: 900,
    rollupOptions: { input: [page('index.html'), page('person.html')] },
  },
})
