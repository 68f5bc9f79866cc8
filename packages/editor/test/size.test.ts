/** What a page downloads before somebody can write, in bytes. What is seldom needed comes when it is. */
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, test } from 'vitest'

/**
 * Gzipped bytes of everything that `source` needs at once, as one file; and of what it may fetch later.
 * `source` is the script of a page: what it only exported would be cut off from what comes later.
 */
async function bytesOf(
  source: string,
): Promise<{ readonly first: number; readonly later: number }> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source', 'browser', 'module', 'import', 'default'] },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry.js' ? '\0entry.js' : undefined),
        load: (id) => (id === '\0entry.js' ? source : undefined),
      },
    ],
    build: {
      write: false,
      target: 'es2023',
      rolldownOptions: { input: 'entry.js' },
    },
  })
  const outputs = [built].flat().flatMap((one) => ('output' in one ? one.output : []))
  const chunks = outputs.filter((one) => one.type === 'chunk')
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]))
  const atOnce = new Set<string>()
  const visit = (name: string): void => {
    if (atOnce.has(name)) return
    atOnce.add(name)
    for (const needed of byName.get(name)?.imports ?? []) visit(needed)
  }
  for (const { isEntry, fileName } of chunks) if (isEntry) visit(fileName)
  const gzipped = (names: readonly string[]): number =>
    names.reduce((sum, name) => sum + gzipSync(byName.get(name)?.code ?? '').length, 0)
  const later = [...byName.keys()].filter((name) => !atOnce.has(name))
  return { first: gzipped([...atOnce]), later: gzipped(later) }
}

test('Yjs, ProseMirror, the binding and the schema are at most 130 KB', async () => {
  const { first } = await bytesOf(`
    import * as Y from 'yjs'
    import { EditorState } from 'prosemirror-state'
    import { EditorView } from 'prosemirror-view'
    import { createBinding } from '@quire/binding'
    import { schema } from '@quire/document'
    globalThis.page = { Y, EditorState, EditorView, createBinding, schema }
  `)
  console.log(`core: ${first} bytes`)
  expect(first).toBeLessThanOrEqual(130_000)
})

test('the whole editor is at most 190 KB, and emoji, dialogs and bars come later', async () => {
  const { first, later } = await bytesOf(`
    import * as Y from 'yjs'
    import { createEditor } from '@quire/editor'
    globalThis.page = { Y, createEditor }
  `)
  console.log(`editor: ${first} bytes, later ${later}`)
  expect(first).toBeLessThanOrEqual(190_000)
  expect(later).toBeGreaterThan(10_000)
})
