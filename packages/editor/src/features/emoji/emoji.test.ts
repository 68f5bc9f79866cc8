// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import type { Editor } from '../../create-editor.ts'
import { edit, host, press, text, type } from '../../../test/open-editor.ts'
import { emojiTrigger } from './trigger.ts'

const options = (): string[] =>
  [...host.querySelectorAll('[role="option"]')].map((one) => one.textContent ?? '')

async function ask(editor: Editor, words: string): Promise<void> {
  type(editor, words)
  await vi.waitFor(() => expect(options()).not.toHaveLength(0))
}

test('a colon and two letters offer emoji; Enter writes the chosen one', async () => {
  const editor = edit()
  type(editor, 'well done :t')
  expect(options()).toEqual([])
  await ask(editor, 'ad')
  expect(options()[0]).toBe('🎉tada')
  press(editor, 'Enter')
  expect(text(editor)).toBe('p well done 🎉|')
})

test('the second colon writes what was named exactly, and otherwise stays a colon', async () => {
  const editor = edit()
  await ask(editor, ':heart')
  type(editor, ':')
  expect(text(editor)).toBe('p ❤\ufe0f|')
  const other = edit()
  await ask(other, ':hear')
  type(other, ':')
  expect(text(other)).toBe('p :hear:|')
})

test('one is found by the beginning of its name first, then by words in it', async () => {
  const found = (await emojiTrigger.find('cat')).map(({ id }) => id)
  expect(found.slice(0, 2)).toEqual(['cat', 'cat2'])
  const first = found.indexOf('smiley_cat')
  expect(first).toBeGreaterThan(found.findLastIndex((id) => id.startsWith('cat')))
})

test('times, faces and code open nothing', () => {
  const editor = edit({ language: null })
  type(editor, 'at 10:30 :D ')
  expect(options()).toEqual([])
  const code = edit()
  type(code, '```:tada')
  expect(options()).toEqual([])
})

test('undo brings back what was typed', async () => {
  const editor = edit()
  await ask(editor, ':tada')
  press(editor, 'Enter')
  editor.undo()
  expect(text(editor)).not.toContain('🎉')
})
