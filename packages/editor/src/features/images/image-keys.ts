/** The size of a selected picture by keys: those that make letters larger and smaller. */
import { type Command, NodeSelection } from 'prosemirror-state'
import { isNode } from '../../shape.ts'
import { widthMinPx } from './image-view.ts'

const factor = 1.1

function resizeBy(by: 1 | -1): Command {
  return (state, dispatch, view) => {
    const { selection } = state
    if (!(selection instanceof NodeSelection) || !isNode(selection.node, 'image')) return false
    const figure = view?.nodeDOM(selection.from)
    const frame = figure instanceof HTMLElement ? figure.querySelector('.quire-image-frame') : null
    if (!dispatch || !(figure instanceof HTMLElement) || !frame) return true
    const shownPx = frame.getBoundingClientRect().width
    const wantedPx = Math.round(by > 0 ? shownPx * factor : shownPx / factor)
    const width = Math.max(widthMinPx, Math.min(figure.clientWidth || wantedPx, wantedPx))
    const tr = state.tr.setNodeAttribute(selection.from, 'width', width)
    dispatch(tr.setSelection(NodeSelection.create(tr.doc, selection.from)))
    return true
  }
}

export const imageKeys: Readonly<Record<string, Command>> = {
  'Mod-Shift-.': resizeBy(1),
  'Mod-Shift-,': resizeBy(-1),
}
