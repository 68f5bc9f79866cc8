// @vitest-environment jsdom
import { readFileSync } from 'node:fs'
import { until } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { edit, host, press, type } from '../test/open-editor.ts'
import { pair } from '../test/pair.ts'
import { rating } from '../test/rating-feature.ts'
import { schemaHashOf } from './compose-features.ts'
import type { Editor } from './create-editor.ts'

const features = [rating]
const shown = (editor: Editor): string =>
  editor.view.dom.querySelector('[data-kind]')?.innerHTML ?? ''

test('a node and a mark of another’s feature are stored, shown to a colleague, and undone', () => {
  const [mine, theirs] = pair()
  const ada = edit({ doc: mine, features })
  const ben = edit({ doc: theirs, features })
  type(ada, 'good (4/5) end')
  ada.view.dispatch(ada.view.state.tr.setSelection(selectionOf(ada, 1, 5)))
  expect(ada.run('rating.hide')).toBe(true)
  const stored = '<span class="spoiler">good</span> <span data-stars="4">★★★★</span> end'
  expect(shown(ada)).toBe(stored)
  expect(shown(ben)).toBe(stored)
  expect(ben.json()).toEqual(ada.json())
  ada.undo()
  expect(shown(ben)).not.toContain('spoiler')
})

test('content of features goes out and comes in as JSON and as HTML', () => {
  const ada = edit({ features })
  type(ada, 'good (3/5)')
  const copied = ada.view.serializeForClipboard(ada.view.state.doc.slice(0)).dom.innerHTML
  const ben = edit({ features })
  ben.replaceContent(ada.json())
  expect(ben.json()).toEqual(ada.json())
  const cleo = edit({ features })
  cleo.view.pasteHTML(copied, new Event('paste') as ClipboardEvent)
  expect(shown(cleo)).toContain('data-stars="3"')
  expect(() => edit().replaceContent(ada.json())).toThrow(RangeError)
})

test('keys, the slash menu, the toolbar and commands of features work like Quire’s own', async () => {
  const ada = edit({ features })
  type(ada, '/five')
  await until('the list is there', () => host.querySelector('[role="option"]') !== null)
  expect([...host.querySelectorAll('[role="option"]')].map((o) => o.textContent)).toEqual([
    '★Five stars',
  ])
  press(ada, 'Enter')
  expect(shown(ada)).toContain('data-stars="5"')
  expect(press(ada, 'h', { ctrlKey: true, altKey: true })).toBe(true)
  type(ada, 'x')
  expect(shown(ada)).toContain('<span class="spoiler">x</span>')
  host.querySelector<HTMLElement>('[data-item="spoiler"]')?.click()
  type(ada, 'y')
  expect(shown(ada)).toContain('<span class="spoiler">x</span>y')
  ada.setEditable(false)
  expect(ada.run('rating.hide')).toBe(false)
  expect(() => ada.run('nothing')).toThrow(RangeError)
})

test('who does not have the feature sees a locked block, and changes nothing of it', () => {
  const [mine, theirs] = pair()
  const ada = edit({ doc: mine, features })
  const plain = edit({ doc: theirs })
  type(ada, 'rated (2/5)')
  const before = Y.encodeStateVector(theirs)
  expect(plain.view.dom.querySelector('[data-locked]')).not.toBeNull()
  expect(Y.encodeStateVector(theirs)).toEqual(before)
  expect(shown(ada)).toContain('data-stars="2"')
})

test('names that are taken are refused, and features change what a client says of its schema', () => {
  expect(() => edit({ features: [rating, rating] })).toThrow(
    'two features bring the feature rating',
  )
  expect(() => edit({ features: [{ name: 'links' }] })).toThrow(RangeError)
  expect(() => edit({ features: [{ name: 'own', nodes: { block: {} } }] })).toThrow(RangeError)
  expect(() =>
    edit({ features: [rating, { name: 'own', commands: () => ({ 'rating.hide': () => true }) }] }),
  ).toThrow(RangeError)
  expect(host.childElementCount).toBe(0)
  expect(schemaHashOf(features)).not.toBe(schemaHashOf([]))
})

test('the example of the README is the feature that is tested here', () => {
  const [readme, source] = ['../README.md', '../test/rating-feature.ts'].map((file) =>
    readFileSync(new URL(file, import.meta.url), 'utf8'),
  )
  const example = source?.slice(source.indexOf('\n')).replace('../src/index.ts', '@quire/editor')
  expect(readme).toContain(example?.trim())
})

function selectionOf({ view }: Editor, from: number, to: number) {
  const Selection = Object.getPrototypeOf(view.state.selection.constructor)
  return Selection.fromJSON(view.state.doc, { type: 'text', anchor: from, head: to })
}
