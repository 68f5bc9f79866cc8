/** Which text was pasted last, and where it is by now. */
import { type EditorState, type Plugin, PluginKey, type Transaction } from 'prosemirror-state'

export interface Pasted {
  readonly text: string
  readonly from: number
  readonly to: number
  /** What stood there right after. */
  readonly words: string
}

export const pastedKey: PluginKey<Pasted | null> = new PluginKey('quire-pasted')

export const pastedIn = (state: EditorState): Pasted | null => pastedKey.getState(state) ?? null

export const pastedField: NonNullable<Plugin<Pasted | null>['spec']['state']> = {
  init: () => null,
  apply(tr: Transaction, pasted: Pasted | null) {
    const meta = tr.getMeta(pastedKey) as Pasted | undefined
    if (meta || !pasted) return meta ?? null
    const [from, to] = [tr.mapping.map(pasted.from, 1), tr.mapping.map(pasted.to, -1)]
    return from < to ? { ...pasted, from, to } : null
  },
}

export const wordsIn = (doc: EditorState['doc'], from: number, to: number): string =>
  doc.textBetween(from, to, '\n', '\ufffc')
