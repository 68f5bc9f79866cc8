/** A Y.Doc of the bytes that a store has: for reading, comparing and editing away from any editor. Decodes a whole document; a server does this in a worker thread. */
import * as Y from 'yjs'
import { contentOf } from '../roots.ts'
import { type Part, readTree } from './content-tree.ts'

/** A state is not what it should be. */
export class StateError extends Error {
  override readonly name = 'StateError'
  readonly code: 'malformed' | 'pending' | 'bad-edit'

  constructor(code: StateError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}

/** The bytes of a document: its updates in order, in V1, or one packed state in V2. */
export type StateBytes =
  | { readonly updates: readonly Uint8Array[] }
  | { readonly packed: Uint8Array }

/** The document of `bytes`. Throws {@link StateError} when they are no updates, or miss predecessors: a part of a document is never shown as the whole. */
export function loadState(bytes: StateBytes): Y.Doc {
  const doc = new Y.Doc({ gc: true })
  try {
    doc.transact((transaction) => {
      if ('packed' in bytes) Y.applyUpdateV2(doc, bytes.packed)
      else for (const update of bytes.updates) Y.applyUpdate(doc, update)
      // Yjs tidies formatting after edits from elsewhere, as an edit of its own; nobody made that one.
      transaction.local = true
    })
  } catch (cause) {
    throw new StateError('malformed', 'the bytes are not those of a document', { cause })
  }
  if (doc.store.pendingStructs !== null || doc.store.pendingDs !== null) {
    throw new StateError('pending', 'parts of the document wait for others that are not there')
  }
  return doc
}

/** What the document of `bytes` says. Throws {@link StateError}. */
export function treeOf(bytes: StateBytes): Part[] {
  const doc = loadState(bytes)
  try {
    return readTree(contentOf(doc))
  } finally {
    doc.destroy()
  }
}
