/** Keys in and around toggles. They come before those of blocks. */
import { toggleEnd } from '@quire/document'
import { type Command, TextSelection } from 'prosemirror-state'
import type { EditorContext } from '../../feature.ts'
import { caretBlock, writeAttributes } from '../../selected-blocks.ts'
import { indentMax, isNode, nodeTypeIn } from '../../shape.ts'
import { endOfToggle, fold, isOpenAt, isToggle } from './folding.ts'

/** Opens or closes the toggle at the caret. */
const flip =
  (context: EditorContext): Command =>
  (state, dispatch) => {
    const { $from } = state.selection
    if (!isToggle($from.parent)) return false
    const pos = $from.before()
    const isOpen = !isOpenAt(state, pos)
    dispatch?.(fold(state.tr, pos, isOpen))
    if (dispatch) context.announce(isOpen ? 'Toggle open' : 'Toggle closed')
    return true
  }

/**
 * Enter in the line of an open toggle goes on in it; at the end of a closed one it begins another behind
 * what is hidden. Enter in an empty line at the end of a toggle leaves it.
 */
const enter: Command = (state, dispatch) => {
  const { tr } = state
  const block = caretBlock(tr)
  if (!block || !isNode(block.node, 'block') || block.node.content.size === 0) {
    return leaveToggle(state, dispatch)
  }
  if (!isToggle(block.node)) return false
  const { node, pos } = block
  const { $from } = tr.selection
  if ($from.parentOffset === 0) return false
  const isAtEnd = $from.parentOffset === node.content.size
  const end = endOfToggle(tr.doc, pos)
  const isOpen = end === pos + node.nodeSize || isOpenAt(state, pos)
  const type = nodeTypeIn(tr, 'block')
  if (isAtEnd && !isOpen) {
    tr.insert(end, type.create(node.attrs))
    tr.setSelection(TextSelection.create(tr.doc, end + 1))
  } else {
    const indent = Math.min(indentMax, Number(node.attrs['indent']) + 1)
    const attrs = { kind: 'paragraph', indent, dir: node.attrs['dir'] }
    if (isAtEnd) {
      tr.insert(pos + node.nodeSize, type.create(attrs))
      tr.setSelection(TextSelection.create(tr.doc, pos + node.nodeSize + 1))
    } else tr.split($from.pos, 1, [{ type, attrs }])
    fold(tr, pos, true)
  }
  dispatch?.(tr.scrollIntoView())
  return true
}

/** An empty paragraph at the end of what belongs to a toggle goes one step out. */
const leaveToggle: Command = (state, dispatch) => {
  const { tr } = state
  const block = caretBlock(tr)
  const { kind, indent } = block?.node.attrs ?? {}
  if (!block || kind !== 'paragraph' || Number(indent) === 0) return false
  const $pos = tr.doc.resolve(block.pos)
  for (let index = $pos.index() - 1; index >= 0; index--) {
    const before = $pos.parent.child(index)
    if (!isNode(before, 'block') || Number(before.attrs['indent']) >= Number(indent)) continue
    if (!isToggle(before) || toggleEnd($pos.parent, index) !== $pos.index() + 1) return false
    writeAttributes(tr, block.pos, { indent: Number(indent) - 1 })
    dispatch?.(tr.scrollIntoView())
    return true
  }
  return false
}

export const toggleKeys = (context: EditorContext): Readonly<Record<string, Command>> => ({
  'Mod-Enter': flip(context),
  Enter: enter,
})
