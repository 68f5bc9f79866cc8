/**
 * The bar over words that were selected with the mouse: what people do with words most, where their
 * pointer is. With the keyboard nothing floats over the text, and on touch screens it is the system's.
 */
import { Bold, Code, Highlighter, Italic, Link, Strikethrough, Underline } from 'lucide'
import { Plugin, TextSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import type { PlainMark } from '../../shape.ts'
import { type BarButton, mountFloatingBar } from '../../ui/floating-bar.ts'
import type { Icon } from '../../ui/icon.ts'
import type { Anchor } from '../../ui/popovers.ts'
import { rangeAnchor } from '../../ui/range-anchor.ts'
import { highlightChoice, openColorPopover, pickMark } from '../colors/color-popover.ts'
import { openLinkEditor } from '../links/link-popover.ts'
import { toggleMark } from '../marks/commands.ts'
import { readToolbarState } from '../toolbar/toolbar-state.ts'

const marks: readonly { name: PlainMark; label: string; icon: Icon }[] = [
  { name: 'bold', label: 'Bold', icon: Bold },
  { name: 'italic', label: 'Italic', icon: Italic },
  { name: 'underline', label: 'Underline', icon: Underline },
  { name: 'strike', label: 'Strikethrough', icon: Strikethrough },
  { name: 'code', label: 'Code', icon: Code },
]

/** Words that a mark or a link can be set on. */
function hasWords({ state }: EditorView): boolean {
  const { selection } = state
  return selection instanceof TextSelection && !selection.empty && readToolbarState(state).canFormat
}

export function selectionBarPlugin(context: EditorContext): Plugin {
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
          openColorPopover(context, {
            choice: highlightChoice,
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
  /** A press that began in the text has not ended. */
  let isPressed = false
  /** Selecting by mouse has ended, and nothing else was done since. */
  let isByMouse = false
  return new Plugin({
    props: {
      handleDOMEvents: {
        pointerdown: (_view, event) => {
          isByMouse = false
          isPressed = event.pointerType === 'mouse' && event.button === 0
          context.frames.request()
        },
        keydown: () => {
          isByMouse = false
        },
      },
    },
    view(view) {
      const anchor: Anchor = rangeAnchor(view, () => view.state.selection)
      // Also where the pointer is let go outside of the text.
      const ended = (): void => {
        if (!isPressed) return
        isPressed = false
        isByMouse = true
        context.frames.request()
      }
      const isOpen = (): boolean => {
        const { current } = context.popovers
        return current === null || current.element.classList.contains('quire-palette')
      }
      const page = view.dom.ownerDocument
      page.addEventListener('pointerup', ended)
      const unmount = mountFloatingBar(context, view, {
        label: 'Selected words',
        groups,
        anchorFor: () => (isByMouse && hasWords(view) && isOpen() ? anchor : null),
      })
      return {
        destroy() {
          page.removeEventListener('pointerup', ended)
          unmount()
        },
      }
    },
  })
}
