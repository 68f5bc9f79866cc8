/**
 * Highlights over words, as comments and search draw them: put there once, and from then on only mapped
 * through what happens. One that the editor drops stays dropped, which is what a test looks for.
 */
import type { Editor } from '@quire/editor'
import { Decoration, DecorationSet } from 'prosemirror-view'

export class Highlights {
  readonly #editor: Editor
  #set = DecorationSet.empty

  constructor(editor: Editor) {
    this.#editor = editor
    const { view } = editor
    const dispatch = view.props.dispatchTransaction
    view.setProps({
      decorations: () => this.#set,
      dispatchTransaction: (tr) => {
        this.#set = this.#set.map(tr.mapping, tr.doc)
        if (dispatch) dispatch.call(view, tr)
        else view.updateState(view.state.apply(tr))
      },
    })
  }

  add(from: number, to: number): void {
    const { view } = this.#editor
    const one = Decoration.inline(from, to, { class: 'highlight' })
    this.#set = this.#set.add(view.state.doc, [one])
    view.setProps({ decorations: () => this.#set })
  }

  /** The words under each, in the order of the document. */
  words(): string[] {
    const { doc } = this.#editor.view.state
    return this.#set.find().map(({ from, to }) => doc.textBetween(from, to, '\n'))
  }
}
