/** Formulas are drawn, and a press on one opens what it says. */
import type { Node } from 'prosemirror-model'
import { NodeSelection, Plugin, type Selection } from 'prosemirror-state'
import type { EditorProps, EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { isNode } from '../../shape.ts'
import { later } from '../../ui/later.ts'
import { MathView } from './math-view.ts'

/** The selection, when it is a formula as a whole. */
export function selectedMath(selection: Selection): NodeSelection | null {
  return selection instanceof NodeSelection && isMath(selection.node) ? selection : null
}

const isMath = (node: Node): boolean => isNode(node, 'math_inline') || isNode(node, 'math_block')

/** Opens the selected formula, where it may be changed. */
export const openSelected = (context: EditorContext, view: EditorView): true =>
  !view.editable || later(context, view.dom, (parts) => parts.openMathEditor(context, view))

export function mathPlugin(context: EditorContext): Plugin {
  const draw = (node: Node): MathView => new MathView(node)
  const open: EditorProps['handleClickOn'] = (view, _pos, node, at, event, isDirect) => {
    if (!isDirect || event.button !== 0 || !isMath(node)) return false
    const { tr, doc } = view.state
    view.dispatch(tr.setSelection(NodeSelection.create(doc, at)))
    return openSelected(context, view)
  }
  return new Plugin({
    props: {
      nodeViews: { math_inline: draw, math_block: draw },
      handleClickOn: open,
      // The first press opened it, the second one closed what was beside it.
      handleDoubleClickOn: open,
    },
  })
}
