/**
 * Reading elements of a page. Their type is spelled here, so that this package runs and is checked
 * without a DOM.
 */
import { type Align, aligns, type Direction, indentMax } from './attributes.ts'

/** What reading HTML needs of a node of a page. */
export interface PageNode {
  readonly nodeName: string
  readonly textContent: string | null
  readonly nextSibling: PageNode | null
}

/** What reading HTML needs of an element; every HTMLElement is one. */
export interface PageElement extends PageNode {
  readonly className: string
  readonly style: Readonly<Record<'textAlign' | 'backgroundColor' | 'fontWeight', string>>
  readonly parentElement: PageElement | null
  readonly childNodes: Iterable<PageNode>
  getAttribute(name: string): string | null
  hasAttribute(name: string): boolean
  querySelector(selector: string): PageElement | null
  closest(selector: string): PageElement | null
}

const blockNames: ReadonlySet<string> = new Set(
  (
    'ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CENTER DD DETAILS DIV DL DT FIGCAPTION FIGURE FOOTER FORM ' +
    'H1 H2 H3 H4 H5 H6 HEADER HR IMG LI MAIN NAV OL P PRE SECTION SUMMARY TABLE TD TH UL'
  ).split(' '),
)

/** Whether an element makes a line, or lines, of its own. An image does, in a document. */
export function isBlock(node: PageNode): boolean {
  return blockNames.has(node.nodeName)
}

/** Whether nothing of the element can be seen: white space, boxes of forms, comments. */
export function isBlank(node: PageNode): boolean {
  if (node.nodeName === 'BR' || node.nodeName === 'IMG' || node.nodeName === 'HR') return false
  if (node.nodeName === '#comment' || (node.textContent ?? '').trim() !== '') {
    return node.nodeName === '#comment'
  }
  return node.nodeName === '#text' || !('querySelector' in node) || !hasImage(node as PageElement)
}

const hasImage = (element: PageElement) =>
  element.querySelector('img, hr, [data-page-break]') !== null

/** What `text-align` of an element says, as an attribute. */
export function readAlign(element: PageElement): Align | null {
  const value =
    element.getAttribute('data-align') || element.style.textAlign || element.getAttribute('align')
  return (aligns as readonly (string | null)[]).includes(value) ? (value as Align) : null
}

/** An explicit direction of an element; `auto` is the default and not stored. */
export function readDirection(element: PageElement): Direction | null {
  const value = element.getAttribute('dir')
  return value === 'ltr' || value === 'rtl' ? value : null
}

/** The indent that our own HTML carries. */
export function readIndent(element: PageElement): number {
  const value = Number(element.getAttribute('data-indent') ?? 0)
  return Number.isInteger(value) ? Math.min(indentMax, Math.max(0, value)) : 0
}

/** One of `words` that an attribute says, or null. */
export function readWord(
  element: PageElement,
  name: string,
  words: readonly string[],
): string | null {
  const value = element.getAttribute(name)
  return value !== null && words.includes(value) ? value : null
}

/**
 * Whether a `<br>` only keeps its line open, as browsers and word processors end lines, and is no
 * break of it. Our own HTML has no such breaks.
 */
export function isFiller(lineBreak: PageElement): boolean {
  if (lineBreak.closest('[data-kind]') !== null) return false
  let at: PageElement = lineBreak
  for (;;) {
    for (let next = at.nextSibling; next; next = next.nextSibling) {
      if (isBlock(next)) return true
      if (!isBlank(next)) return false
    }
    const parent = at.parentElement
    if (parent === null || isBlock(parent)) return true
    at = parent
  }
}
