/**
 * Edits that a server makes: read a state, change it, and give back the change as an ordinary update,
 * which goes the way of every other.
 *
 * 1. The update is written under a client id of its own, drawn anew for each edit: two edits that were
 *    made of one state at the same time never claim the same place.
 * 2. An edit that changes nothing has no update.
 */
import * as Y from 'yjs'
import { contentOf } from '../roots.ts'
import type { Part } from './content-tree.ts'
import { makeEqual } from './make-equal.ts'
import { loadState, StateError, type StateBytes, treeOf } from './shared-state.ts'
import { type JsonNode, partsOf } from './tree-json.ts'

export type Edit =
  /** Content becomes what it was in `state`: restoring a version. Facts in `meta` stay. */
  | { readonly kind: 'restore'; readonly state: StateBytes }
  /** Content becomes `json`, a `doc`: importing. The caller has checked it. */
  | { readonly kind: 'write'; readonly json: JsonNode }

/** The update that makes `edit` in a document of `bytes`, V1; undefined when there is nothing to change. Throws {@link StateError}. */
export function editState(bytes: StateBytes, edit: Edit): Uint8Array | undefined {
  const target = targetOf(edit)
  // An editor needs a place for the caret; and a document without a block is none.
  if (target.length === 0) throw new StateError('bad-edit', 'the edit would leave no block')
  const doc = loadState(bytes)
  try {
    const updates: Uint8Array[] = []
    doc.on('update', (update: Uint8Array) => updates.push(update))
    doc.transact(() => makeEqual(contentOf(doc), target))
    return updates.length > 1 ? Y.mergeUpdates(updates) : updates[0]
  } finally {
    doc.destroy()
  }
}

function targetOf(edit: Edit): Part[] {
  switch (edit.kind) {
    case 'restore':
      return treeOf(edit.state)
    case 'write':
      return partsOf(edit.json)
  }
}
