/**
 * Undo and redo of this person's own edits. Right after an input rule, undo takes back the rule and
 * leaves the typed signs.
 */
import { undoInputRule } from 'prosemirror-inputrules'
import type { Command } from 'prosemirror-state'
import { chainCommands } from 'prosemirror-commands'
import type { EditorContext } from '../../feature.ts'

export function historyKeys({ history }: EditorContext): Readonly<Record<string, Command>> {
  // Always handled: the browser's own undo knows nothing of colleagues.
  const always =
    (command: Command): Command =>
    (state, dispatch, view) => {
      command(state, dispatch, view)
      return true
    }
  const undo = always(chainCommands(undoInputRule, history.undo))
  const redo = always(history.redo)
  return { 'Mod-z': undo, 'Mod-y': redo, 'Mod-Shift-z': redo, 'Mod-Z': redo }
}
