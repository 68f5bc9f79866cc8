/** A formula on screen: its TeX until what draws it is there, and where that cannot be had. */
import { texOf } from '@quire/document'
import type { Node } from 'prosemirror-model'
import type { NodeView } from 'prosemirror-view'
import { element } from '../../ui/element.ts'

export class MathView implements NodeView {
  readonly dom: HTMLElement
  #node: Node

  constructor(node: Node) {
    this.dom = element(node.isInline ? 'span' : 'div', { class: 'quire-math', role: 'math' })
    this.#node = node
    this.#show()
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false
    const isSame = texOf(node) === texOf(this.#node)
    this.#node = node
    if (!isSame) this.#show()
    return true
  }

  ignoreMutation(): boolean {
    return true
  }

  #show(): void {
    const tex = texOf(this.#node)
    this.dom.setAttribute('aria-label', tex)
    this.dom.textContent ||= tex
    void import('./draw.ts').then(
      ({ draw }) => {
        if (tex === texOf(this.#node)) draw(this.dom, tex, !this.#node.isInline)
      },
      () => {
        this.dom.textContent = texOf(this.#node)
      },
    )
  }
}
