/**
 * Showing a change inside of blocks at the cost of those blocks. ProseMirror looks at every block of the
 * document, three times, to find those that changed. Here they are told by identity, and only they are
 * updated, by ProseMirror's own means.
 *
 * 1. Anything but a change inside a few blocks goes ProseMirror's way: blocks that come, go or move, a
 *    block that has to be drawn anew, decorations before or after, a composition, widgets.
 * 2. The result is what ProseMirror's way leaves.
 */
import type { Node } from 'prosemirror-model'
import {
  type Decoration,
  DecorationSet,
  type DecorationSource,
  type EditorView,
} from 'prosemirror-view'

/** What prosemirror-view does not promise: its description of what is on screen. */
interface Shown {
  readonly node?: Node
  readonly dirty: number
  readonly children: readonly Shown[]
  readonly innerDeco?: DecorationSource
  update(
    node: Node,
    outerDeco: readonly Decoration[],
    innerDeco: DecorationSource,
    view: EditorView,
  ): boolean
  updateChildren(view: EditorView, pos: number): void
}

/** As many as people type in at once. Where more differ, blocks have moved. */
const blocksMax = 8
const clean = 0
/** Some of the blocks are not as they were drawn; the list of them is. */
const childDirty = 1

/** Lets the view show changes inside of blocks quickly. Call it again after every update: ProseMirror sometimes begins anew. */
export function updateInPlace(view: EditorView): void {
  const { docView } = view as unknown as { readonly docView?: Shown | null }
  if (!docView || Object.hasOwn(docView, 'updateChildren')) return
  const updateAll = docView.updateChildren.bind(docView)
  let decorations = docView.innerDeco
  docView.updateChildren = (_view, pos) => {
    const isPlain = decorations === DecorationSet.empty && docView.innerDeco === DecorationSet.empty
    decorations = docView.innerDeco
    if (!isPlain || !updatedAll(docView, view)) updateAll(view, pos)
  }
}

/** Whether the change was inside of a few blocks and is shown. */
function updatedAll({ node, children, dirty }: Shown, view: EditorView): boolean {
  if (!node || dirty > childDirty || view.composing || children.length !== node.childCount) {
    return false
  }
  const blocks = node.children
  const changed: { readonly shown: Shown; readonly block: Node }[] = []
  for (let i = 0; i < blocks.length; i++) {
    const shown = children[i]
    const block = blocks[i]
    if (!block || !shown?.node) return false
    if (isShown(shown, block)) continue
    if (changed.length === blocksMax) return false
    changed.push({ shown, block })
  }
  // A block that is another's now has moved, and what is on screen moves with it.
  const hasMoved = changed.some(({ block }, i) =>
    changed.some(({ shown }, j) => i !== j && shown.node === block),
  )
  if (hasMoved) return false
  // What was updated before one refuses is found right by ProseMirror.
  return changed.every(({ shown, block }) => shown.update(block, [], DecorationSet.empty, view))
}

function isShown(shown: Shown, node: Node): boolean {
  return shown.node === node && shown.dirty === clean
}
