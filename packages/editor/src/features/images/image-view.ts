/**
 * The image on screen: a figure with handles to resize it, and a small bar when it is selected.
 * The one node view in the editor besides the table's.
 */
import type { Node } from 'prosemirror-model'
import type { EditorView, NodeView } from 'prosemirror-view'
import { element, listen } from '../../ui/element.ts'

/** Below this an image cannot be grabbed again. */
export const widthMinPx = 48

export class ImageView implements NodeView {
  readonly dom: HTMLElement
  readonly #view: EditorView
  readonly #getPos: () => number | undefined
  readonly #frame: HTMLElement
  readonly #image: HTMLImageElement
  readonly #releases: (() => void)[] = []
  #node: Node

  constructor(node: Node, view: EditorView, getPos: () => number | undefined) {
    this.#node = node
    this.#view = view
    this.#getPos = getPos
    this.#image = element('img', { draggable: 'false', decoding: 'async', loading: 'lazy' })
    this.#frame = element('span', { class: 'quire-image-frame' }, this.#image)
    for (const side of ['start', 'end'] as const) this.#frame.append(this.#handle(side))
    this.dom = element('figure', { class: 'quire-image', contenteditable: 'false' }, this.#frame)
    this.#releases.push(
      listen(this.#image, 'error', () => this.dom.classList.add('is-broken')),
      listen(this.#image, 'load', () => this.dom.classList.remove('is-broken')),
    )
    this.#show()
  }

  update(node: Node): boolean {
    if (node.type !== this.#node.type) return false
    this.#node = node
    this.#show()
    return true
  }

  selectNode(): void {
    this.dom.classList.add('ProseMirror-selectednode')
  }

  deselectNode(): void {
    this.dom.classList.remove('ProseMirror-selectednode')
  }

  stopEvent(event: Event): boolean {
    return event.target instanceof Element && event.target.closest('.quire-image-handle') !== null
  }

  ignoreMutation(): boolean {
    return true
  }

  destroy(): void {
    for (const release of this.#releases) release()
  }

  #show(): void {
    const { src, alt, width, align } = this.#node.attrs
    if (this.#image.getAttribute('src') !== src) this.#image.setAttribute('src', String(src ?? ''))
    this.#image.alt = String(alt ?? '')
    this.#frame.style.width = typeof width === 'number' ? `${width}px` : ''
    this.dom.dataset['align'] = String(align ?? 'center')
  }

  #handle(side: 'start' | 'end'): HTMLElement {
    const handle = element('span', {
      class: `quire-image-handle is-${side}`,
      'aria-hidden': 'true',
    })
    this.#releases.push(
      listen(handle, 'pointerdown', (event) => {
        if (!this.#view.editable || event.button !== 0 || !event.isPrimary) return
        event.preventDefault()
        this.#resize(handle, side, event)
      }),
    )
    return handle
  }

  /** Follows the pointer on screen and writes one attribute at the end. */
  #resize(handle: HTMLElement, side: 'start' | 'end', down: PointerEvent): void {
    const isRtl = getComputedStyle(this.dom).direction === 'rtl'
    const isCentred = this.dom.dataset['align'] === 'center'
    const outward = (side === 'end') !== isRtl ? 1 : -1
    const startPx = this.#frame.getBoundingClientRect().width
    const widthMaxPx = this.dom.getBoundingClientRect().width
    let widthPx = startPx
    handle.setPointerCapture(down.pointerId)
    this.dom.classList.add('is-resizing')
    const releases = [
      listen(handle, 'pointermove', (event) => {
        // A centred image grows on both sides, so its edge follows the pointer at half the speed.
        const delta = (event.clientX - down.clientX) * outward * (isCentred ? 2 : 1)
        widthPx = Math.round(Math.min(widthMaxPx, Math.max(widthMinPx, startPx + delta)))
        this.#frame.style.width = `${widthPx}px`
      }),
      listen(handle, 'pointerup', () => end(true)),
      listen(handle, 'pointercancel', () => end(false)),
    ]
    const end = (isKept: boolean): void => {
      for (const release of releases) release()
      this.dom.classList.remove('is-resizing')
      const pos = this.#getPos()
      if (isKept && pos !== undefined && widthPx !== Math.round(startPx)) {
        this.#view.dispatch(this.#view.state.tr.setNodeAttribute(pos, 'width', widthPx))
      } else this.#show()
    }
  }
}
