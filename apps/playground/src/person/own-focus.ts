/**
 * Frames of one page share one focus; the windows of people on computers of their own do not. Here a
 * frame keeps its focused element when the focus goes to another frame or to the page around, as a
 * window does when another comes to the front: its editor goes on showing and telling its caret.
 */
import type { Clock } from '@quire/base'

export function keepOwnFocus(page: Window, clock: Clock): void {
  const { document } = page
  const real = (): Element | null =>
    Reflect.get(Document.prototype, 'activeElement', document) as Element | null
  let kept: Element | null = null
  let left: EventTarget | null = null
  document.addEventListener('focusin', () => {
    kept = null
  })
  document.addEventListener('focusout', ({ target }) => {
    left = target
    // When the window is left it says so in the same task.
    clock.after(0, () => {
      left = null
    })
  })
  page.addEventListener('blur', () => {
    if (left instanceof Element) kept = left
  })
  Object.defineProperty(document, 'activeElement', {
    configurable: true,
    get: () => (kept?.isConnected ? kept : real()),
  })
}
