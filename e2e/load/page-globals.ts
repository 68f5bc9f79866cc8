/** A page for code that needs a DOM, in Node: jsdom, without layout or paint. Import it before anything that looks for `document`. */
import { JSDOM } from 'jsdom'

const page = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true })
const names = [
  'window',
  'document',
  'navigator',
  'Node',
  'HTMLElement',
  'MutationObserver',
  'Range',
  'DOMRect',
  'getComputedStyle',
] as const
for (const name of names) {
  Object.defineProperty(globalThis, name, {
    value: name === 'window' ? page.window : page.window[name],
    configurable: true,
  })
}
