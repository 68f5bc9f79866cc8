// @vitest-environment jsdom
import { until } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { edit, host, press, seeded, text, type } from '../../../test/open-editor.ts'

test('the slash menu opens, narrows, follows colleagues and picks in one step of undo', async () => {
  const doc = seeded()
  const editor = edit({ doc })
  const options = () => [...host.querySelectorAll('[role="option"]')].map((o) => o.textContent)
  const told = (name: string) => editor.view.dom.getAttribute(name)
  const chosen = () => host.querySelector(`#${told('aria-activedescendant')}`)?.textContent
  type(editor, '/')
  await until('the list is there', () => options().length > 8)
  // Before the next key: the list came by itself.
  expect(told('aria-haspopup')).toBe('listbox')
  expect(host.querySelector(`#${told('aria-controls')}`)?.getAttribute('role')).toBe('listbox')
  expect(chosen()).toBe(options()[0])
  type(editor, 'quo')
  expect(options()).toHaveLength(1)
  const fragment = doc.getXmlFragment('content')
  const block = new Y.XmlElement('block')
  block.setAttribute('kind', 'paragraph')
  doc.transact(() => fragment.insert(0, [block]), 'remote')
  expect(options()).toHaveLength(1)
  expect(chosen()).toBe(options()[0])
  expect(press(editor, 'Enter')).toBe(true)
  expect(text(editor)).toBe('p\n> |')
  expect(options()).toHaveLength(0)
  expect(told('aria-controls')).toBeNull()
  expect(told('aria-activedescendant')).toBeNull()
})

test('Escape closes the slash menu and leaves the words', async () => {
  const editor = edit()
  type(editor, 'see /h')
  await until('the list is there', () => host.querySelector('[role="option"]') !== null)
  host
    .querySelector('.quire-content')
    ?.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }),
    )
  expect(host.querySelectorAll('[role="option"]')).toHaveLength(0)
  expect(text(editor)).toBe('p see /h|')
  type(editor, 'e')
  expect(host.querySelectorAll('[role="option"]')).toHaveLength(0)
})

test('a slash inside a word opens nothing', () => {
  const editor = edit()
  type(editor, 'and/or')
  expect(host.querySelectorAll('[role="option"]')).toHaveLength(0)
  expect(text(editor)).toBe('p and/or|')
})

test('Enter that is pressed before the list is there means its first entry', async () => {
  const editor = edit()
  type(editor, '/')
  type(editor, 'quo')
  expect(press(editor, 'Enter')).toBe(true)
  await until('the block is a quote', () => text(editor) === '> |')
  type(editor, 'words /nothing')
  press(editor, 'Enter')
  await until('the line has ended', () => text(editor) === '> words /nothing\n> |')
})
