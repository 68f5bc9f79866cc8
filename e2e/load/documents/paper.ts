/** A large document with a long past: the recorded automerge-paper session, or a made one of like size where the recording is not at hand. */
import { createSeededRandom } from '@quire/testkit'
import * as Y from 'yjs'
import { applyPatches, textOf } from '../../sim/history-runs.ts'
import { type Patch, readSequentialTrace, traceFolder } from '../../sim/trace-data.ts'

export interface PaperDocument {
  /** For the page of results. */
  readonly source: string
  readonly doc: Y.Doc
  readonly text: string
  /** How it came about: each the edits of a stretch of the session, as typing sends them. */
  readonly updates: readonly Uint8Array[]
}

/** The root that the session was written to. */
export const paperRoot = 'trace'

const updateCount = 100

/** Takes seconds. `madeEditCount` is used when there is no recording. */
export function buildPaperDocument(madeEditCount: number): PaperDocument {
  const folder = traceFolder()
  const doc = new Y.Doc()
  const patches = folder
    ? readSequentialTrace(folder, 'automerge-paper').patches
    : makePatches(madeEditCount)
  const updates: Uint8Array[] = []
  let stretch: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => stretch.push(update))
  const editsPerUpdate = Math.ceil(patches.length / updateCount)
  for (const [i, patch] of patches.entries()) {
    applyPatches(doc, [patch])
    if ((i + 1) % editsPerUpdate !== 0 && i + 1 < patches.length) continue
    updates.push(Y.mergeUpdates(stretch))
    stretch = []
  }
  const session = folder ? 'the recorded automerge-paper session' : 'a made session'
  const source = `${session}, ${patches.length} edits`
  return { source, doc, text: textOf(doc).toJSON(), updates }
}

/** Edits of one person who types a stretch, takes some of it back, and moves on now and then: like the recording in size and in pieces. */
function makePatches(editCount: number): readonly Patch[] {
  const random = createSeededRandom(1)
  const patches: Patch[] = []
  let length = 0
  let position = 0
  while (patches.length < editCount) {
    if (random.chance(0.15)) position = random.below(length + 1)
    for (let typed = 1 + random.below(60); typed > 0; typed--) {
      patches.push([position++, 0, 'abcdefghij klmnop'.charAt(random.below(17))])
      length += 1
    }
    for (let taken = random.below(27); taken > 0 && position > 0; taken--) {
      patches.push([--position, 1, ''])
      length -= 1
    }
  }
  return patches
}
