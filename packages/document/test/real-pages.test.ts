// @vitest-environment jsdom
/** Real clipboards, a real novel and hostile HTML: nothing throws, text is kept, nothing runs. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { safeHref, safeImageSource } from '../src/index.ts'
import { parse, render } from './html.ts'

const here = dirname(fileURLToPath(import.meta.url))
const data = process.env['QUIRE_TEST_DATA'] ?? resolve(here, '../../../../shared/data')
const hasData = existsSync(join(data, 'paste'))
const clipboards = hasData ? readdirSync(join(data, 'paste/ck')) : ['(no data)']
const file = (...path: string[]) => readFileSync(join(data, ...path), 'utf8')

/** The letters of a page that a reader could see, without the spaces between them. */
function lettersOf(html: string): string {
  const page = new globalThis.DOMParser().parseFromString(html, 'text/html')
  for (const hidden of page.querySelectorAll('script, style, title, head, noscript, object')) {
    hidden.remove()
  }
  return letters(page.body.textContent ?? '')
}
const letters = (text: string) => text.replaceAll(/\s+/g, '')

/** All elements that own HTML has. */
const elements =
  'a strong em u s sup sub span mark code p h1 h2 h3 h4 h5 h6 div pre img hr br table tbody tr td th'.split(
    ' ',
  )

function expectHarmless(html: string): void {
  const page = new globalThis.DOMParser().parseFromString(html, 'text/html')
  for (const element of page.body.querySelectorAll('*')) {
    for (const { name, value } of element.attributes) {
      expect(name).not.toMatch(/^on|^srcdoc$|^formaction$/i)
      if (name === 'href') expect(value === '#' || safeHref(value) === value).toBe(true)
      if (name === 'src') expect(safeImageSource(value)).toBe(value)
      if (name === 'style') expect(value).not.toMatch(/url|expression|import/i)
    }
  }
  for (const { localName } of page.body.querySelectorAll('*')) expect(elements).toContain(localName)
}

const homemade = [
  '<p onclick="x()">a<script>b</script><style>c</style><iframe srcdoc="d"></iframe></p>',
  '<svg onload="x()"><a xlink:href="javascript:x()"><text>a</text></a></svg>',
  '<img src="x" onerror="x()"><img src="data:image/svg+xml,<svg onload=x()>">',
  '<a href="java&#10;script:x()">a</a><a href="&#1;javascript:x()">b</a>',
  '<p style="background-image: url(javascript:x()); color: expression(x())">a</p>',
  '<form action="javascript:x()"><button formaction="javascript:x()">a</button></form>',
  '<math><mtext><table><mglyph><style><img src=x onerror=x()></style></mglyph></table></mtext></math>',
  '<div data-kind="heading" aria-level="99" data-indent="1e9" style="text-align: url(x)">a</div>',
  '<table><tr><td colspan="1e9" rowspan="-4" data-colwidth="1e9,2">a</td></tr></table>',
  '<p>'.repeat(2_000),
  '<div>'.repeat(300) + 'deep' + '</div>'.repeat(300),
  '<ul><li>'.repeat(200) + 'deep',
  '<!doctype html><html><frameset><frame src="javascript:x()"></frameset></html>',
]

test.each(homemade.map((html) => [html.slice(0, 60), html] as const))(
  '[HT8] %j is read, and what it becomes is harmless',
  (_, html) => {
    const node = parse(html)
    expectHarmless(render(node))
    expect(letters(node.textContent)).toBe(lettersOf(html))
  },
)

describe.skipIf(!hasData)('with the test data', () => {
  test.each(clipboards)('[HT7] the clipboard %s is read and keeps its text', (name) => {
    const html = file('paste/ck', name)
    const node = parse(html)
    expect(letters(node.textContent)).toBe(lettersOf(html))
    expect(parse(render(node)).toJSON()).toEqual(node.toJSON())
    expectHarmless(render(node))
  })

  test('[HT7] a novel is read and comes back', () => {
    const html = file('html/pride.html')
    const node = parse(html)
    expect(node.childCount).toBeGreaterThan(2_000)
    expect(letters(node.textContent)).toBe(lettersOf(html))
    expect(parse(render(node)).eq(node)).toBe(true)
  })

  test('[HT8] HTML made to attack sanitisers is read without throwing and becomes harmless', () => {
    const payloads = JSON.parse(file('security/dompurify-expect.json')) as { payload: string }[]
    expect(payloads.length).toBeGreaterThan(200)
    for (const { payload } of payloads) expectHarmless(render(parse(payload)))
  })

  test('[LK2] no naughty string becomes a link that runs', () => {
    const strings = JSON.parse(file('security/blns.json')) as string[]
    const address = document.createElement('a')
    for (const text of strings) {
      const href = safeHref(text)
      if (href === undefined) continue
      address.setAttribute('href', href)
      expect(['http:', 'https:', 'mailto:', 'tel:', 'about:', ':']).toContain(address.protocol)
    }
    for (const text of strings) parse(text)
  })
})
