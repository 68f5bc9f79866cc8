/**
 * A place for the editor in a shadow root, as a component of another page would have it: the style sheet
 * is adopted by the root, and none of the page reaches in.
 */
import style from '@quire/editor/style.css?inline'

/** Adds the host to `body` and answers with the element in its root. */
export function shadowPlace(body: HTMLElement): HTMLElement {
  const host = document.createElement('div')
  host.style.cssText = 'display: flex; flex: 1; flex-direction: column'
  const root = host.attachShadow({ mode: 'open' })
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(style)
  root.adoptedStyleSheets = [sheet]
  const place = document.createElement('div')
  root.append(place)
  body.append(host)
  return place
}
