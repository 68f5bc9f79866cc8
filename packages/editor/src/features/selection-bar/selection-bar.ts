/**
 * The bar over words that were selected with the mouse: what people do with words most, where their
 * pointer is. With the keyboard nothing floats over the text, and on touch screens it is the system's.
 */
import { Bold, Code, Highlighter, Italic, Link, Strikethrough, Underline } from 'lucide'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import type { PlainMark } from '../../shape.ts'
import { type BarButton, mountFloatingBar } from '../../ui/floating-bar.ts'
import type { Icon } from '../../ui/icon.ts'
import type { Anchor } from '../../ui/popovers.ts'
import { rangeAnchor } from '../../ui/range-anchor.ts'
import { openPalette, pickMark } from '../colors/open-palette.ts'
import { openLinkEditor } from '../links/link-editor.ts'
import { toggleMark } from '../marks/commands.ts'
import { readToolbarState } from '../toolbar/toolbar-state.ts'

const marks: readonly { name: PlainMark; label: string; icon: Icon }[] = [
  { name: 'bold', label: 'Bold', icon: Bold },
  { name: 'italic', label: 'Italic', icon: Italic },
  { name: 'underline', label: 'Underline', icon: Underline },
  { name: 'strike', label: 'Strikethrough', icon: Strikethrough },
  { name: 'code', label: 'Code', icon: Code },
]

/** Shown while `isWanted`. Returns its removal. */
export function mountSelectionBar(
  context: EditorContext,
  view: EditorView,
  isWanted: () => boolean,
): () => void {
  const groups: readonly (readonly BarButton[])[] = [
    marks.map(({ name, label, icon }) => ({
      label,
      icon,
      isOn: (view: EditorView) => readToolbarState(view.state).marks.has(name),
      run: (view: EditorView) => {
        toggleMark(name)(view.state, view.dispatch, view)
        view.focus()
      },
    })),
    [
      {
        label: 'Highlight',
        icon: Highlighter,
        run: (view, button, isByKeyboard) =>
          openPalette(context, {
            choice: 'highlight',
            button,
            current: readToolbarState(view.state).highlight,
            takeFocus: isByKeyboard,
            onPick: pickMark(view, 'highlight'),
          }),
      },
      {
        label: 'Link',
        icon: Link,
        isOn: (view) => readToolbarState(view.state).isLink,
        run: (view) => {
          openLinkEditor(context, view)
        },
      },
    ],
  ]
  const anchor: Anchor = rangeAnchor(view, () => view.state.selection)
  const isFree = (): boolean => {
    const { current } = context.popovers
    return current === null || current.element.classList.contains('quire-palette')
  }
  return mountFloatingBar(context, view, {
    label: 'Selected words',
    groups,
    anchorFor: () => (isWanted() && isFree() ? anchor : null),
  })
}
