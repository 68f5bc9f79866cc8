/**
 * Showing a change inside one block at the cost of that block. ProseMirror looks at every block of the
 * document, three times, to find the one that changed. Here the blocks before and after it are told by
 * identity, and only it is updated, by ProseMirror's own means.
 *
 * 1. Anything but a change inside one block goes ProseMirror's way: blocks that come, go or move, a
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

const clean = 0
/** Some of the blocks are not as they were drawn; the list of them is. */
const childDirty = 1

/** Lets the view show changes inside of one block quickly. Call it again after every update: ProseMirror sometimes begins anew. */
export function updateOneBlock(view: EditorView): void {
  const { docView } = view as unknown as { readonly docView?: Shown | null }
  if (!docView || Object.hasOwn(docView, 'updateChildren')) return
  const updateAll = docView.updateChildren.bind(docView)
  let decorations = docView.innerDeco
  docView.updateChildren = (_view, pos) => {
    const isPlain = decorations === DecorationSet.empty && docView.innerDeco === DecorationSet.empty
    decorations = docView.innerDeco
    if (!isPlain || !updatedOne(docView, view)) updateAll(view, pos)
  }
}

/** Whether the change was inside one block and is shown. */
function updatedOne({ node, children, dirty }: Shown, view: EditorView): boolean {
  if (!node || dirty > childDirty || view.composing || children.length !== node.childCount) {
    return false
  }
  const blocks = node.children
  let left = 0
  while (left < children.length && isShown(children[left], blocks[left])) left += 1
  // Nothing differs: only the selection or the attributes of the whole have changed.
  if (left === children.length) return true
  for (let i = children.length - 1; i > left; i--) {
    if (!isShown(children[i], blocks[i])) return false
  }
  const changed = children[left]
  if (!changed?.node) return false
  return changed.update(node.child(left), [], DecorationSet.empty, view)
}

function isShown(shown: Shown | undefined, node: Node | undefined): boolean {
  return shown?.node === node && shown.dirty === clean
}
