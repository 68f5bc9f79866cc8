/** Keys of blocks: kinds, lists, indent, alignment, moving, and what Enter, Backspace and Delete do. */
import { chainCommands, exitCode } from 'prosemirror-commands'
import { undoInputRule } from 'prosemirror-inputrules'
import type { Command } from 'prosemirror-state'
import { commandOf, firstOf } from '../../edit.ts'
import { isNode, nodeTypeIn } from '../../shape.ts'
import { emptyCodeToParagraph, joinAfter, joinBefore, plainerBlock } from './backspace.ts'
import { leaveEmptyBlock, paragraphAfterNode, splitBlock } from './enter.ts'
import { indentBy, setAlign, setKind, toggleCodeBlock, toggleKind } from './set-kind.ts'

const enter = commandOf(firstOf(leaveEmptyBlock, splitBlock, paragraphAfterNode))

const deleteSelection: Command = (state, dispatch) => {
  if (state.selection.empty) return false
  dispatch?.(state.tr.deleteSelection().scrollIntoView())
  return true
}

const backspace = chainCommands(
  undoInputRule,
  deleteSelection,
  commandOf(firstOf(plainerBlock, emptyCodeToParagraph, joinBefore)),
)

const forwardDelete = chainCommands(deleteSelection, commandOf(joinAfter))

const hardBreak: Command = (state, dispatch) => {
  const { $from } = state.selection
  if (!isNode($from.parent, 'block')) return false
  dispatch?.(
    state.tr.replaceSelectionWith(nodeTypeIn(state, 'hard_break').create(), false).scrollIntoView(),
  )
  return true
}

const headings: Record<string, Command> = {}
for (const level of [1, 2, 3, 4, 5, 6]) {
  headings[`Mod-Alt-${level}`] = commandOf(setKind('heading', { level }))
}

export const blockKeys: Readonly<Record<string, Command>> = {
  Enter: enter,
  'Shift-Enter': chainCommands(exitCode, hardBreak),
  Backspace: backspace,
  'Mod-Backspace': backspace,
  'Shift-Backspace': backspace,
  Delete: forwardDelete,
  'Mod-Delete': forwardDelete,
  Tab: commandOf(indentBy(1)),
  'Shift-Tab': commandOf(indentBy(-1)),
  'Mod-]': commandOf(indentBy(1)),
  'Mod-[': commandOf(indentBy(-1)),
  'Mod-Alt-0': commandOf(setKind('paragraph')),
  ...headings,
  'Mod-Alt-c': commandOf(toggleCodeBlock()),
  'Mod-Shift-7': commandOf(toggleKind('number')),
  'Mod-Shift-8': commandOf(toggleKind('bullet')),
  'Mod-Shift-9': commandOf(toggleKind('task')),
  'Mod-Shift-l': commandOf(setAlign(null)),
  'Mod-Shift-e': commandOf(setAlign('center')),
  'Mod-Shift-r': commandOf(setAlign('right')),
  'Mod-Shift-j': commandOf(setAlign('justify')),
}
