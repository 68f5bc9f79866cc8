/**
 * Formulas, in a line or as a block of their own. What is kept is the TeX as it was typed, also where
 * it is wrong; how it looks is for a view to say. Their HTML is that of pandoc, which MathJax and
 * KaTeX on other pages draw.
 */
import type { NodeSpec } from 'prosemirror-model'
import { textUpTo } from './attributes.ts'
import { isBlank, type PageElement } from './page-element.ts'

/** Longest formula, in UTF-16 units. */
export const texCharsMax = 4_000

/** The TeX of a formula; empty for one that says none. */
export function texOf({ attrs }: { readonly attrs: Readonly<Record<string, unknown>> }): string {
  return typeof attrs['tex'] === 'string' ? attrs['tex'] : ''
}

/** What pandoc, KaTeX, Wikipedia and other writers of HTML put around a formula. */
const selector =
  '.math.inline, .math.math-inline, .math.display, .math.math-display, .katex-display, .katex, ' +
  '.mwe-math-element, math'

const isDisplay = (element: PageElement): boolean =>
  /(^|[\s-])display(\s|$)/.test(element.getAttribute('class') ?? '') ||
  element.getAttribute('display') === 'block'

/** False for a formula whose TeX is not said, or is too long: its letters are then read. */
function readTex(element: PageElement): { tex: string } | false {
  const annotation = element.querySelector('annotation[encoding="application/x-tex"]')
  const said = annotation?.textContent?.trim() ?? element.textContent ?? ''
  const tex = annotation ? said : (between.exec(said)?.slice(1).find(Boolean) ?? '')
  return tex !== '' && tex.length <= texCharsMax && { tex }
}

const between = /^\s*(?:\\\(([\s\S]*)\\\)|\\\[([\s\S]*)\\\]|\$\$([\s\S]*)\$\$|\$([\s\S]*)\$)\s*$/

/** The formula that is all there is in a paragraph. */
function onlyDisplay(paragraph: PageElement): PageElement | undefined {
  const [only, ...others] = [...paragraph.childNodes].filter((node) => !isBlank(node))
  const element = only && 'querySelector' in only ? (only as PageElement) : undefined
  return others.length === 0 && element && isDisplay(element) ? element : undefined
}

const attrs: NodeSpec['attrs'] = {
  tex: { default: null, validate: textUpTo(texCharsMax, 'a formula') },
}

export const mathInline: NodeSpec = {
  group: 'inline',
  inline: true,
  atom: true,
  attrs,
  parseDOM: [{ tag: selector, priority: 75, getAttrs: (e) => !isDisplay(e) && readTex(e) }],
  toDOM: (node) => ['span', { class: 'math inline' }, `\\(${texOf(node)}\\)`],
  leafText: texOf,
}

export const mathBlock: NodeSpec = {
  group: 'flow',
  atom: true,
  attrs,
  parseDOM: [
    {
      tag: 'p',
      priority: 80,
      getAttrs: (paragraph) => {
        const formula = onlyDisplay(paragraph)
        return formula !== undefined && readTex(formula)
      },
    },
    { tag: selector, priority: 75, getAttrs: (e) => isDisplay(e) && readTex(e) },
  ],
  toDOM: (node) => ['p', ['span', { class: 'math display' }, `\\[${texOf(node)}\\]`]],
  leafText: texOf,
}
