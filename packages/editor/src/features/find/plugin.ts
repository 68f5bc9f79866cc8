/** Find and replace: `Mod-f`, `Mod-h` (with replace), `Mod-g` for the next one. */
import type { Command, Plugin } from 'prosemirror-state'
import { Plugin as ViewPlugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { goToMatch } from './commands.ts'
import { createFindBar, type FindBar } from './find-bar.ts'
import { findStatePlugin } from './find-state.ts'

const bars = new WeakMap<EditorView, FindBar>()

/** Opens the bar of this view, with the selected words in it. */
export function openFind(view: EditorView, options: { readonly replace: boolean }): boolean {
  const bar = bars.get(view)
  bar?.open(options)
  return bar !== undefined
}

export function findPlugins(context: EditorContext): Plugin[] {
  return [
    findStatePlugin(),
    new ViewPlugin({
      view(view) {
        const bar = createFindBar(context, view)
        bars.set(view, bar)
        return {
          destroy() {
            bars.delete(view)
            bar.destroy()
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
