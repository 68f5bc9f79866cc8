/** Opens a palette, and what a pick does to the text. */
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { later } from '../../ui/later.ts'
import { setMarkValue } from '../marks/commands.ts'
import type { PaletteOptions } from './color-popover.ts'

/** Opens the palette at its button. With `takeFocus` the current colour gets the keyboard focus. */
export const openPalette = (context: EditorContext, options: PaletteOptions): true =>
  later(context, options.button, (parts) => parts.openColorPopover(context, options))

/** A pick that sets or removes a mark on the selection and goes back to the text. */
export function pickMark(
  view: EditorView,
  mark: 'color' | 'highlight',
): (color: string | null) => void {
  return (color) => {
    setMarkValue(mark, color === null ? null : { color })(view.state, view.dispatch)
    view.focus()
  }
}
