// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { render } from '../test/html.ts'
import { hrefCharsMax, safeHref, safeImageSource, schema } from './index.ts'

const safe = [
  'https://example.org/a?b=c#d',
  'http://example.org:8080/x:y',
  'HTTPS://EXAMPLE.ORG',
  'mailto:a@b.example?subject=x:y',
  'tel:+49-30-1234',
  '/d/abc',
  '../up',
  'page',
  '#part:one',
  '?q=a:b',
  './a:b',
  '//example.org/x',
  'путь/страница',
]

test.each(safe)('[LK1] %s may be linked and is stored as it is', (href) => {
  expect(safeHref(href)).toBe(href)
})

test('[LK1] white space around a link is not part of it; nothing and too much are no links', () => {
  expect(safeHref('\n https://a.b \t')).toBe('https://a.b')
  expect(safeHref('')).toBeUndefined()
  expect(safeHref('   ')).toBeUndefined()
  expect(safeHref(`https://a.b/${'x'.repeat(hrefCharsMax)}`)).toBeUndefined()
  for (const value of [undefined, null, 7, {}, ['https://a.b']]) {
    expect(safeHref(value)).toBeUndefined()
  }
})

const hidden = [
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  ' javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'java\nscript:alert(1)',
  'java\r\n\tscript:alert(1)',
  'javascript\t:alert(1)',
  'java\u0000script:alert(1)',
  '\u00a0javascript:alert(1)',
  '\u2028javascript:alert(1)',
  '\ufeffjavascript:alert(1)',
  'vbscript:msgbox(1)',
  'VBScript\n:msgbox(1)',
  'data:text/html,<script>alert(1)</script>',
  'data:text/html;base64,PHNjcmlwdD4=',
  'DATA:,x',
  'blob:https://a.b/1',
  'file:///etc/passwd',
  'filesystem:https://a.b/x',
  'about:blank',
  'view-source:https://a.b',
  'ms-word:ofe|u|https://a.b',
  'https\n://a.b:javascript:x'.replace('https\n', 'jar'),
]

test.each(hidden)('[LK2] %j may not be linked', (href) => {
  expect(safeHref(href)).toBeUndefined()
})

function forged<T extends object>(made: T, attrs: object): T {
  return Object.assign(made, { attrs })
}

test('[LK3] a link or image that a peer wrote without asking is not rendered', () => {
  // Making them is refused, so these are changed after they were made.
  const link = forged(schema.mark('link', { href: '/x' }), { href: 'javascript:alert(1)' })
  const doc = schema.node('doc', null, [
    schema.node('block', null, [schema.text('x', [link])]),
    forged(schema.node('image', { src: '/x' }), { src: 'javascript:alert(2)' }),
  ])
  expect(render(doc)).not.toContain('alert')
})

test('[LK4] images come over http, https or from the same place', () => {
  expect(safeImageSource('/files/a.png')).toBe('/files/a.png')
  expect(safeImageSource(' https://a.b/c.png ')).toBe('https://a.b/c.png')
  for (const src of [
    ...hidden,
    'mailto:a@b',
    'tel:1',
    'data:image/png;base64,AAAA',
    'blob:x',
    '',
    null,
    {},
  ]) {
    expect(safeImageSource(src)).toBeUndefined()
  }
})
