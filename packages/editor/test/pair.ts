/** Two people at one document, in one process. */
import * as Y from 'yjs'
import { seeded } from './open-editor.ts'

/** Two documents that tell each other everything at once. */
export function pair(): readonly [Y.Doc, Y.Doc] {
  const [mine, theirs] = [seeded(), new Y.Doc()]
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(mine))
  mine.on('update', (update: Uint8Array, origin) => {
    if (origin !== theirs) Y.applyUpdate(theirs, update, mine)
  })
  theirs.on('update', (update: Uint8Array, origin) => {
    if (origin !== mine) Y.applyUpdate(mine, update, theirs)
  })
  return [mine, theirs]
}

/** The same, but what each does arrives at the other only when the returned function is called. */
export function pairApart(): readonly [Y.Doc, Y.Doc, meet: () => void] {
  const [mine, theirs] = [seeded(), new Y.Doc()]
  const meet = (): void => {
    const [a, b] = [Y.encodeStateAsUpdate(mine), Y.encodeStateAsUpdate(theirs)]
    Y.applyUpdate(mine, b, 'meeting')
    Y.applyUpdate(theirs, a, 'meeting')
  }
  meet()
  return [mine, theirs, meet]
}
