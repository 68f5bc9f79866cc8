/** The small bar that appears with the caret in a link: open, copy, edit, remove. */
import { Copy, ExternalLink, Pencil, Unlink } from 'lucide'
import type { EditorView } from 'prosemirror-view'
import { commandOf } from '../../edit.ts'
import type { EditorContext } from '../../feature.ts'
import { element } from '../../ui/element.ts'
import { drawIcon, type Icon } from '../../ui/icon.ts'
import { rangeAnchor } from '../../ui/range-anchor.ts'
import { attachTooltips } from '../../ui/tooltip.ts'
import { selectedLink, unlink } from './commands.ts'
import { openLinkEditor } from './link-editor.ts'

/** Shows the bar of the link under the caret, and takes it away with it. Returns its removal. */
export function mountLinkBar(context: EditorContext, view: EditorView): () => void {
  let shown: { bar: HTMLElement; href: string; close: () => void } | null = null
  // Closed by Escape: stays away until the caret leaves this link.
  let dismissed: string | null = null
  const hide = (): void => {
    const closing = shown
    shown = null
    closing?.close()
  }
  const refresh = (): void => {
    const link = view.hasFocus() && view.state.selection.empty ? selectedLink(view.state) : null
    if (!link) {
      dismissed = null
      hide()
      return
    }
    if (dismissed === link.href || shown?.href === link.href) return
    hide()
    if (context.popovers.current) return
    const bar = buildBar(context, view, link.href)
    const popover = context.popovers.open({
      anchor: rangeAnchor(view, () => selectedLink(view.state) ?? view.state.selection),
      content: bar,
      closeOnPress: false,
      returnFocus: () => view.focus(),
      onClose: () => {
        releaseTips()
        stopFollowing()
        if (shown) dismissed = link.href
        shown = null
      },
    })
    const releaseTips = attachTooltips(bar, context.layer, context.clock)
    const stopFollowing = context.frames.on(() => popover.update())
    shown = { bar, href: link.href, close: () => popover.close() }
  }
  const stop = context.frames.on(refresh)
  const blur = (event: FocusEvent): void => {
    if (!(event.relatedTarget instanceof Node && shown?.bar.contains(event.relatedTarget))) hide()
  }
  view.dom.addEventListener('blur', blur)
  return () => {
    stop()
    view.dom.removeEventListener('blur', blur)
    hide()
  }
}

function buildBar(context: EditorContext, view: EditorView, href: string): HTMLElement {
  const action = (label: string, icon: Icon, run: () => void): HTMLElement => {
    const button = element(
      'button',
      { type: 'button', class: 'quire-button', 'aria-label': label, 'data-tooltip': label },
      drawIcon(icon),
    )
    button.addEventListener('click', run)
    return button
  }
  const open = element(
    'a',
    {
      href,
      target: '_blank',
      rel: 'noopener noreferrer nofollow',
      class: 'quire-link-open',
      title: href,
    },
    drawIcon(ExternalLink),
    element('span', {}, href.replace(/^(https?:\/\/(www\.)?|mailto:|tel:)/i, '')),
  )
  const bar = element(
    'div',
    { class: 'quire-link-bar', role: 'group', 'aria-label': 'Link' },
    open,
    action('Copy link', Copy, () => {
      void navigator.clipboard?.writeText(href).then(() => context.announce('Link copied'))
    }),
    view.editable ? action('Edit link', Pencil, () => openLinkEditor(context, view)) : null,
    view.editable
      ? action('Remove link', Unlink, () => {
          commandOf(unlink)(view.state, view.dispatch)
          view.focus()
        })
      : null,
  )
  bar.addEventListener('mousedown', (event) => event.preventDefault())
  return bar
}
