/**
 * The handle beside the block under the pointer: drag it to move the block, press it for a menu. Only
 * for a mouse; with the keyboard the same is on the keys of moving and in the toolbar.
 *
 * 1. It listens to the pointer, never to the document: a key costs nothing.
 * 2. It is outside of the text and never changes its layout.
 */
import { GripVertical } from 'lucide'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { element, listen } from '../../ui/element.ts'
import { drawIcon } from '../../ui/icon.ts'
import { openMenu } from '../../ui/open-menu.ts'
import { attachTooltips } from '../../ui/tooltip.ts'
import { groupEnd } from '../toggles/group.ts'
import { blockMenu } from './block-menu.ts'
import { setDragged } from './dragged.ts'

/** Shows it for `first` and every move of the pointer after that. Returns its removal. */
export function mountBlockHandle(
  context: EditorContext,
  view: EditorView,
  first: PointerEvent,
): () => void {
  const page = view.dom.parentElement
  if (!page) return () => {}
  const handle = element(
    'button',
    {
      type: 'button',
      class: 'quire-block-handle',
      draggable: 'true',
      tabindex: -1,
      'aria-label': 'Block',
      'aria-haspopup': 'menu',
      'aria-expanded': 'false',
      'data-tooltip': 'Drag to move, press for more',
      contenteditable: 'false',
    },
    drawIcon(GripVertical),
  )
  let block: HTMLElement | null = null

  const posOf = (): number | null => {
    if (!block?.isConnected || block.parentElement !== view.dom) return null
    const $pos = view.state.doc.resolve(view.posAtDOM(block, 0))
    return $pos.depth > 0 ? $pos.before(1) : $pos.pos
  }
  const hide = (): void => {
    if (handle.getAttribute('aria-expanded') === 'true') return
    block = null
    handle.remove()
  }
  const showAt = (next: HTMLElement): void => {
    if (next === block && handle.isConnected) return
    if (handle.getAttribute('aria-expanded') === 'true') return
    block = next
    const [outer, inner] = [page.getBoundingClientRect(), next.getBoundingClientRect()]
    // Beside the first line, whatever the block is.
    const lineHeight = Number.parseFloat(getComputedStyle(next).lineHeight) || 24
    const first = Math.min(inner.height, lineHeight)
    handle.style.top = `${Math.round(inner.top - outer.top + first / 2 - 13)}px`
    const inset = Number.parseFloat(getComputedStyle(view.dom).paddingInlineStart) || 0
    const isRtl = getComputedStyle(view.dom).direction === 'rtl'
    const text = view.dom.getBoundingClientRect()
    const start = isRtl ? outer.right - text.right : text.left - outer.left
    handle.style.insetInlineStart = `${Math.round(start + inset - 34)}px`
    page.append(handle)
  }
  /** The block of the document that is beside or under the pointer. */
  const blockAt = (event: PointerEvent): HTMLElement | null => {
    let target = event.target instanceof Element ? event.target : null
    if (target === view.dom) {
      const text = view.dom.getBoundingClientRect()
      const root = view.root as Document | ShadowRoot
      target = root.elementFromPoint(text.left + text.width / 2, event.clientY)
    }
    while (target && target.parentElement !== view.dom) target = target.parentElement
    return target instanceof HTMLElement ? target : null
  }
  const follow = (event: PointerEvent): void => {
    if (event.pointerType !== 'mouse' || event.buttons !== 0 || !view.editable) return
    if (handle.contains(event.target as Node)) return
    const next = blockAt(event)
    if (next && !next.hasAttribute('data-locked')) showAt(next)
    else if (next) hide()
  }
  follow(first)
  const releases = [
    listen(page, 'pointermove', follow),
    listen(page, 'pointerleave', hide),
    // Who writes does not look for a handle.
    listen(view.dom, 'keydown', hide),
    listen(handle, 'click', (event) => {
      if (handle.getAttribute('aria-expanded') === 'true') return context.popovers.close()
      const isByKeyboard = event.detail === 0
      const entries = blockMenu(context, view, posOf)
      if (entries.length > 0)
        openMenu(context, { label: 'Block', button: handle, entries, isByKeyboard })
    }),
    listen(handle, 'dragstart', (event) => {
      const from = posOf()
      const node = from === null ? null : view.state.doc.nodeAt(from)
      if (from === null || !node || !event.dataTransfer || !block) return event.preventDefault()
      context.popovers.close()
      const to = groupEnd(view.state.doc, from)
      const slice = view.state.doc.slice(from, to)
      const { dom, text } = view.serializeForClipboard(slice)
      event.dataTransfer.setData('text/html', dom.innerHTML)
      event.dataTransfer.setData('text/plain', text)
      event.dataTransfer.effectAllowed = 'move'
      event.dataTransfer.setDragImage(block, 0, 0)
      view.dragging = { slice, move: true }
      view.dispatch(setDragged(view.state.tr, { kind: 'blocks', from, to }))
    }),
    listen(handle, 'dragend', () => {
      view.dragging = null
      if (!view.isDestroyed) view.dispatch(setDragged(view.state.tr, { kind: 'none' }))
      hide()
    }),
    attachTooltips(handle, context.layer, context.clock),
  ]
  return () => {
    for (const release of releases) release()
    handle.remove()
  }
}
