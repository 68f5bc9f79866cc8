/**
 * Find and replace: `Mod-f`, `Mod-h` (with replace), `Mod-g` for the next one. The bar is fetched when it
 * is first asked for; what is typed until it is there is what it looks for.
 */
import { type Command, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { element } from '../../ui/element.ts'
import { later } from '../../ui/later.ts'
import type { FindBar } from './find-bar.ts'
import { findStatePlugin } from './find-state.ts'
import { goToMatch } from './go-to-match.ts'

type Open = (options: { readonly replace: boolean }) => void

const openers = new WeakMap<EditorView, Open>()

/** Opens the bar of this view, with the selected words in it. */
export function openFind(view: EditorView, options: { readonly replace: boolean }): boolean {
  const open = openers.get(view)
  open?.(options)
  return open !== undefined
}

export function findPlugins(context: EditorContext): Plugin[] {
  return [
    findStatePlugin(),
    new Plugin({
      view(view) {
        let bar: FindBar | null = null
        openers.set(view, (options) => {
          if (bar) {
            bar.open(options)
            return
          }
          const input = element('input', { class: 'quire-input', 'aria-label': 'Find' })
          const waiting = context.popovers.open({
            anchor: context.panelHost,
            content: element('div', { class: 'quire-find' }, input),
            focus: input,
          })
          // What cannot be fetched says so in a popover of its own, which closes this one.
          later(context, context.panelHost, ({ createFindBar }) => {
            if (!waiting.isOpen) return
            waiting.close()
            bar ??= createFindBar(context, view)
            bar.open({ ...options, typed: input.value })
          })
        })
        return {
          destroy() {
            openers.delete(view)
            bar?.destroy()
          },
        }
      },
    }),
  ]
}

const opening =
  (options: { readonly replace: boolean }): Command =>
  (_state, dispatch, view) =>
    view !== undefined && (dispatch === undefined || openFind(view, options))

export const findKeys: Readonly<Record<string, Command>> = {
  'Mod-f': opening({ replace: false }),
  'Mod-h': opening({ replace: true }),
  'Mod-Alt-f': opening({ replace: true }),
  'Mod-g': goToMatch(1),
  'Mod-Shift-g': goToMatch(-1),
  'Mod-G': goToMatch(-1),
}
