/**
 * The brush: pressed once it takes the look of the words at hand and gives it to those that are selected
 * next; pressed twice it goes on until it is pressed again or Escape. Pressed over other words, as on a
 * phone, it gives them the look at once.
 */
import type { EditorView } from 'prosemirror-view'
import { commandOf } from '../../edit.ts'
import type { EditorContext } from '../../feature.ts'
import { listen } from '../../ui/element.ts'
import { type Format, formatOf, giveFormat } from './format.ts'

interface Brush {
  readonly format: Format
  /** Where it was taken: pressed again there, it goes on. */
  readonly from: number
  readonly to: number
  isKept: boolean
  readonly putAway: () => void
}

const brushes = new WeakMap<EditorView, Brush>()
const taken = new WeakMap<EditorView, Format>()

/** Takes the look of the words at hand, for {@link giveTaken}. */
export function takeFormat(context: EditorContext): void {
  const view = context.view()
  taken.set(view, formatOf(view.state))
  context.announce('Formatting copied')
}

/** Gives the selected words the look that was taken. */
export function giveTaken(context: EditorContext): void {
  const view = context.view()
  const format = taken.get(view)
  if (format && view.editable) commandOf(giveFormat(format))(view.state, view.dispatch)
}

export function pressBrush(context: EditorContext, button: HTMLElement): void {
  const view = context.view()
  const brush = brushes.get(view)
  const { from, to, empty } = view.state.selection
  view.focus()
  if (!brush) return take(context, view, button)
  const isSame = from === brush.from && to === brush.to
  if (isSame && !brush.isKept) brush.isKept = true
  else if (isSame || empty) brush.putAway()
  else give(view, brush)
}

function take(context: EditorContext, view: EditorView, button: HTMLElement): void {
  takeFormat(context)
  const { from, to } = view.state.selection
  let isPressed = false
  const releases = [
    listen(view.dom, 'pointerdown', ({ pointerType }) => {
      isPressed = pointerType === 'mouse'
    }),
    // Also where the pointer is let go outside of the text; the selection is there with the next frame.
    listen(view.dom.ownerDocument, 'pointerup', () => context.frames.request()),
    context.frames.on(() => {
      const { selection } = view.state
      // A press that has only begun to select finds the selection as it was.
      const isOld = selection.from === from && selection.to === to
      if (!isPressed || selection.empty || isOld || view.dom.matches(':active')) return
      isPressed = false
      give(view, brush)
    }),
    listen(view.dom, 'keydown', ({ key }) => key === 'Escape' && brush.putAway()),
  ]
  const brush: Brush = {
    format: formatOf(view.state),
    from,
    to,
    isKept: false,
    putAway() {
      for (const release of releases) release()
      brushes.delete(view)
      button.setAttribute('aria-pressed', 'false')
      view.dom.classList.remove('is-painting')
    },
  }
  brushes.set(view, brush)
  button.setAttribute('aria-pressed', 'true')
  view.dom.classList.add('is-painting')
}

function give(view: EditorView, brush: Brush): void {
  if (view.editable) commandOf(giveFormat(brush.format))(view.state, view.dispatch)
  if (!brush.isKept) brush.putAway()
}
