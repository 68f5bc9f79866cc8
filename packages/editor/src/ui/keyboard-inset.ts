/**
 * How much of the page's bottom an on-screen keyboard covers, as the custom property
 * `--quire-keyboard-inset` of an element. Browsers that make the page smaller instead say 0 here.
 * The visual viewport is described in the CSSOM View draft; nothing else tells of the keyboard on iOS.
 */
import { listen } from './element.ts'

/** Follows the keyboard until the returned function is called. */
export function followKeyboard(element: HTMLElement): () => void {
  const window = element.ownerDocument.defaultView
  const viewport = window?.visualViewport
  if (!window || !viewport) return () => {}
  const follow = (): void => {
    // While somebody pinches, what is out of sight is not the keyboard.
    const isZoomed = viewport.scale > 1.01
    const covered = window.innerHeight - viewport.height - viewport.offsetTop
    const inset = isZoomed ? 0 : Math.max(0, Math.round(covered))
    element.style.setProperty('--quire-keyboard-inset', `${inset}px`)
  }
  follow()
  const releases = [listen(viewport, 'resize', follow), listen(viewport, 'scroll', follow)]
  return () => {
    for (const release of releases) release()
  }
}
