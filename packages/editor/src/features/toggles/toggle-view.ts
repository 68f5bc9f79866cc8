/** A toggle on screen: what the schema says, with a button that says whether it is open. */
import { must } from '@quire/base'
import { DOMSerializer, type Node } from 'prosemirror-model'
import type { Decoration, NodeView, ViewMutationRecord } from 'prosemirror-view'

export class ToggleView implements NodeView {
  readonly dom: HTMLElement
  readonly contentDOM: HTMLElement
  readonly #button: Element | null
  #node: Node

  constructor(node: Node, decorations: readonly Decoration[]) {
    const toDOM = must(node.type.spec.toDOM, 'the schema draws blocks')
    const { dom, contentDOM } = DOMSerializer.renderSpec(document, toDOM(node))
    this.dom = dom as HTMLElement
    this.contentDOM = contentDOM ?? this.dom
    this.#node = node
    this.#button = this.dom.querySelector('[data-toggle-button]')
    this.#show(decorations)
  }

  update(node: Node, decorations: readonly Decoration[]): boolean {
    if (!node.sameMarkup(this.#node)) return false
    this.#node = node
    this.#show(decorations)
    return true
  }

  ignoreMutation(mutation: ViewMutationRecord): boolean {
    return mutation.type !== 'selection' && !this.contentDOM.contains(mutation.target)
  }

  #show(decorations: readonly Decoration[]): void {
    const isOpen = decorations.some(({ spec }) => spec?.['isOpenToggle'] === true)
    this.#button?.setAttribute('aria-expanded', String(isOpen))
  }
}
