/** Where colleagues have their carets, to the block: enough to decide whom a move would disturb. */
import { contentOf } from '@quire/document'
import type { EditorView } from 'prosemirror-view'
import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'

/** A colleague's caret, to the block. */
export interface OtherPlace {
  readonly clientId: number
  /** A position inside the top-level block. */
  readonly pos: number
}

/** A position inside each top-level block that holds a colleague's caret. */
export function othersAt(view: EditorView, doc: Y.Doc, awareness: Awareness): readonly number[] {
  return placesOfOthers(view, doc, awareness).map(({ pos }) => pos)
}

/** Where each colleague is who has a caret. What peers send is not trusted to be a position. */
export function placesOfOthers(
  view: EditorView,
  doc: Y.Doc,
  awareness: Awareness,
): readonly OtherPlace[] {
  const content = contentOf(doc)
  const blocks = content.toArray()
  const found: OtherPlace[] = []
  for (const [clientId, state] of awareness.getStates()) {
    if (clientId === awareness.clientID) continue
    const cursor = state['cursor'] as { head?: unknown } | null | undefined
    const type = cursor?.head ? typeOf(cursor.head, doc) : null
    const index = type ? blocks.indexOf(topLevel(type, content) as Y.XmlElement) : -1
    if (index < 0 || index >= view.state.doc.childCount) continue
    let pos = 1
    for (let i = 0; i < index; i += 1) pos += view.state.doc.child(i).nodeSize
    found.push({ clientId, pos })
  }
  return found
}

function typeOf(head: unknown, doc: Y.Doc): Y.AbstractType<unknown> | null {
  try {
    const relative = Y.createRelativePositionFromJSON(head)
    const absolute = Y.createAbsolutePositionFromRelativePosition(relative, doc)
    return absolute?.type ?? null
  } catch {
    return null // not a position
  }
}

/** The ancestor of `type` that stands directly in `content`. */
function topLevel(type: Y.AbstractType<unknown>, content: Y.XmlFragment): unknown {
  let at: Y.AbstractType<unknown> | null = type
  while (at && at.parent !== content) at = at.parent as Y.AbstractType<unknown> | null
  return at
}
