/** The elements an editor lives in: root with theme, toolbar place, page, floating layer, live region. */
import { element } from './ui/element.ts'

export interface EditorFrame {
  readonly root: HTMLElement
  /** Where the toolbar goes; null when the host wants none. */
  readonly toolbarHost: HTMLElement | null
  /** Where a panel hangs that stays while people write: under the toolbar, else at the top. */
  readonly panelHost: HTMLElement
  readonly page: HTMLElement
  readonly layer: HTMLElement
  announce(text: string): void
  remove(): void
}

export type ToolbarPlace = 'top' | 'none' | HTMLElement

export type Theme = 'light' | 'dark' | 'auto'

/** The letters of the text: the system's own, or a serif for long reading. */
export type Font = 'sans' | 'serif'

export function createFrame(
  host: HTMLElement,
  toolbar: ToolbarPlace,
  look: { readonly theme: Theme; readonly font: Font },
): EditorFrame {
  const { theme, font } = look
  const page = element('div', { class: 'quire-page' })
  const layer = element('div', { class: 'quire-layer' })
  const live = element('div', { class: 'quire-hidden', role: 'status', 'aria-live': 'polite' })
  const root = element('div', { class: 'quire', 'data-theme': theme, 'data-font': font })
  const isOutside = typeof toolbar === 'object'
  // Outside the root the toolbar needs the tokens again, hence the same class.
  const toolbarHost =
    toolbar === 'none'
      ? null
      : element('div', {
          class: isOutside ? 'quire quire-bar is-outside' : 'quire-bar',
          'data-theme': isOutside ? theme : null,
        })
  if (isOutside && toolbarHost) toolbar.append(toolbarHost)
  else if (toolbarHost) root.append(toolbarHost)
  const panelHost = element('div', { class: 'quire-panels' })
  if (toolbarHost) toolbarHost.append(panelHost)
  else root.append(panelHost)
  root.append(page, layer, live)
  host.append(root)
  return {
    root,
    toolbarHost,
    panelHost,
    page,
    layer,
    announce(text) {
      // The same words twice are only spoken again when the region changes in between.
      live.textContent = live.textContent === text ? `${text}\u00a0` : text
    },
    remove() {
      toolbarHost?.remove()
      root.remove()
    },
  }
}
