/**
 * Draws formulas as MathML, which browsers lay out themselves: no fonts, no style sheet, nothing that a
 * shadow root or a strict policy for styles keeps away. Fetched with KaTeX when there is one to draw.
 *
 * 1. TeX can do nothing but be drawn: no addresses, no HTML; macros and sizes have bounds.
 * 2. What browsers leave out of MathML (alphabets, columns of tables) is written in a form they have.
 */
import katex from 'katex'
import { letterOf } from './letters.ts'

/** Shows `tex` in `place`; when it is wrong, its letters. Returns what is wrong, or null. */
export function draw(place: HTMLElement, tex: string, isBlock: boolean): string | null {
  const drawn = mathOf(tex, isBlock)
  const error = typeof drawn === 'string' ? drawn : null
  place.replaceChildren(error === null ? drawn : tex)
  place.classList.toggle('is-wrong', error !== null)
  if (error === null) place.removeAttribute('title')
  else place.title = error
  return error
}

function mathOf(tex: string, isBlock: boolean): Element | string {
  const host = document.createElement('span')
  try {
    katex.render(tex, host, {
      displayMode: isBlock,
      output: 'mathml',
      throwOnError: true,
      trust: false,
      strict: 'ignore',
      // In em; and in all macros of one formula.
      maxSize: 20,
      maxExpand: 500,
    })
  } catch (error) {
    // Whatever it is about, the writer sees it at the formula.
    if (error instanceof katex.ParseError) return error.rawMessage
    return error instanceof Error ? error.message : String(error)
  }
  const math = host.querySelector('math')
  if (!math) return 'Nothing to show'
  // The TeX once more; the document has it.
  math.querySelector('annotation')?.remove()
  // Its place says the TeX, and once is enough.
  math.setAttribute('aria-hidden', 'true')
  for (const part of math.querySelectorAll('[mathvariant]')) spellOut(part)
  for (const table of math.querySelectorAll('mtable')) alignColumns(table)
  return math
}

/** Letters of another alphabet as themselves: the attribute that names one is no longer followed. */
function spellOut(part: Element): void {
  const variant = part.getAttribute('mathvariant') ?? ''
  if (variant === 'normal') return
  part.removeAttribute('mathvariant')
  const letters = Array.from(part.textContent ?? '', (letter) => letterOf(letter, variant))
  part.textContent = letters.join('')
}

/** Says at each cell how its column is aligned, for the style sheet: the attribute of the table is no longer followed. */
function alignColumns(table: Element): void {
  const aligns = wordsOf(table, 'columnalign')
  const isTight = wordsOf(table, 'columnspacing')[0] === '0em'
  for (const row of table.children) {
    ;[...row.children].forEach((cell, at) => {
      cell.setAttribute('data-align', aligns[at] ?? aligns.at(-1) ?? 'center')
      // Both sides of a relation stand close to it; the next relation does not.
      if (isTight) cell.setAttribute('data-side', at % 2 === 0 ? 'start' : 'end')
    })
  }
}

const wordsOf = (element: Element, name: string): string[] =>
  (element.getAttribute(name) ?? '').split(' ').filter(Boolean)
