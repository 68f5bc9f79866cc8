/**
 * Lists from Word: on the clipboard they are paragraphs with their sign as text, and say what they are
 * in a style that only Word knows (`mso-list: l0 level2 lfo1`). Here they become lists of HTML.
 */

/** Turns the list paragraphs of Word in `body` into lists. Numbered headings stay headings, with their number. */
export function readWordLists(body: HTMLElement): void {
  for (const line of body.querySelectorAll<HTMLElement>('[style*="mso-list"]')) {
    const level = Number(/mso-list:\s*l\d+\s+level(\d)/i.exec(styleOf(line))?.[1])
    if (!level || line.closest('li')) continue
    const sign = [...line.querySelectorAll('span')].find((span) =>
      /mso-list:\s*ignore/i.test(styleOf(span)),
    )
    const written = sign?.textContent.trim() ?? ''
    // "o" alone is the sign of a bullet, "o." a letter that counts.
    const isNumbered = /^\(?[\p{L}\p{N}.]+[.)]$/u.test(written)
    if (/^h[1-6]$/i.test(line.nodeName)) {
      sign?.replaceWith(isNumbered ? `${written} ` : '')
      continue
    }
    sign?.remove()
    const item = line.ownerDocument.createElement('li')
    for (const name of ['align', 'dir']) {
      const value = line.getAttribute(name)
      if (value !== null) item.setAttribute(name, value)
    }
    item.style.textAlign = line.style.textAlign
    item.append(...line.childNodes)
    let list: HTMLElement = item
    for (let step = 0; step < level; step += 1) {
      const outer = line.ownerDocument.createElement(isNumbered && step === 0 ? 'ol' : 'ul')
      outer.append(list)
      list = outer
    }
    line.replaceWith(list)
  }
}

const styleOf = (element: Element): string => element.getAttribute('style') ?? ''
