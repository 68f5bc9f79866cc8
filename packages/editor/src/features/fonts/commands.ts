/** The font of words and its size in points. Headings keep their own size until somebody gives them one. */
import { fontPointsMax, fontPointsMin } from '@quire/document'
import type { Command } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { isMark } from '../../shape.ts'
import { activeMarks, setMarkValue } from '../marks/commands.ts'

const pointsPerPx = 0.75

/** The size of what is selected or typed next, as it is on screen. */
export function shownPoints(view: EditorView): number {
  const { state } = view
  const set = activeMarks(state).find((mark) => isMark(mark, 'font_size'))
  if (set) return Number(set.attrs['points'])
  const { node } = view.domAtPos(state.selection.from)
  const place = node instanceof Element ? node : node.parentElement
  const px = place ? Number.parseFloat(getComputedStyle(place).fontSize) : Number.NaN
  return Number.isNaN(px) ? 12 : Math.round(px * pointsPerPx)
}

/** One point larger or smaller than what is shown. */
export function resizeBy(by: 1 | -1): Command {
  return (state, dispatch, view) => {
    if (!view) return false
    const points = Math.min(fontPointsMax, Math.max(fontPointsMin, shownPoints(view) + by))
    return setMarkValue('font_size', { points })(state, dispatch)
  }
}
