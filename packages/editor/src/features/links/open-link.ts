/** Mod-click opens a link; a plain click puts the caret in it, because the text is for writing. In a view-only editor a plain click opens. */
import { safeHref } from '@quire/document'
import { Plugin } from 'prosemirror-state'

export function openLinkPlugin(): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        click(view, event) {
          if (!(event.target instanceof Element) || event.button !== 0) return false
          const link = event.target.closest('a[href]')
          if (!link || !view.dom.contains(link)) return false
          event.preventDefault()
          const href = safeHref(link.getAttribute('href'))
          if (!href || (view.editable && !event.metaKey && !event.ctrlKey)) return false
          window.open(href, '_blank', 'noopener,noreferrer')
          return true
        },
      },
    },
  })
}
