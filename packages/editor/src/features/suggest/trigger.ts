/**
 * A trigger: a sign that, typed, opens a list of suggestions for the words behind it. The slash menu,
 * emoji and the like are each one value of this; the state and the screen are the same for all.
 */
import type { Node } from 'prosemirror-model'
import type { EditorView } from 'prosemirror-view'
import type { Edit } from '../../edit.ts'
import type { Icon } from '../../ui/icon.ts'

export interface Suggestion {
  /** Unlike all others of its trigger. */
  readonly id: string
  readonly label: string
  /** Shown in front: a drawing, or a sign of the text itself. */
  readonly icon: Icon | string
  /** Those of one group stand together under its name, while nothing narrows the list. */
  readonly group?: string
  readonly hint?: string
  /** Shown at the end of the row: a shortcut in ProseMirror's spelling. */
  readonly key?: string
  /** The change, in the same transaction as the removal of what was typed. */
  readonly edit?: Edit
  /** Or something that needs the screen, after that removal. */
  readonly run?: (view: EditorView) => void
}

export interface Trigger {
  /** Unlike all others. */
  readonly name: string
  /** One letter. */
  readonly sign: string
  /** What screen readers call the list. */
  readonly label: string
  /** Nothing is shown for shorter words. */
  readonly queryCharsMin: number
  /** With longer ones somebody is writing a sentence. */
  readonly queryCharsMax: number
  /** Whether it may open in this block, behind these words. */
  mayOpen(block: Node, before: string): boolean
  /** Whether these can be the words of a query at all; when not, the list closes and they stay as text. */
  isQuery(words: string): boolean
  /** What fits, best first. Must not fail; what comes late is shown when it is still asked for. */
  find(query: string): readonly Suggestion[] | Promise<readonly Suggestion[]>
  /** Picks when it is typed behind the name of a suggestion: the second colon of `:tada:`. */
  readonly closing?: { readonly sign: string; readonly idFor: (query: string) => string }
}

/** At the start of a block or behind white space or an opening sign. */
export const isWordStart = (before: string): boolean => before === '' || /[\s([{]$/.test(before)
