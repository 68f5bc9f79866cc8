// @vitest-environment jsdom
import { expect, test, vi } from 'vitest'
import type { Editor } from '../../create-editor.ts'
import { edit, press, type } from '../../../test/open-editor.ts'

/** What is coloured, as `name: words`. */
const colours = ({ view }: Editor): string[] =>
  [...view.dom.querySelectorAll('pre [class^="quire-hljs-"]')].map(
    (run) => `${run.className.replace('quire-hljs-', '')}: ${run.textContent}`,
  )

/** The grammars are a module, which a busy machine takes seconds to load. */
const coloured = (check: () => void): Promise<void> => vi.waitFor(check, 20_000)

function code(language: string, words: string): Editor {
  const editor = edit({ language: null })
  type(editor, `\`\`\`${language}`)
  press(editor, 'Enter')
  type(editor, words)
  return editor
}

test('code with a known language is coloured once its grammar is there, and with each key', async () => {
  const editor = code('js', 'let a = 1')
  await coloured(() => expect(colours(editor)).toEqual(['keyword: let', 'number: 1']))
  type(editor, ' // b')
  expect(colours(editor)).toEqual(['keyword: let', 'number: 1', 'comment: // b'])
})

test('another language colours it anew, and none leaves it plain', async () => {
  const editor = code('js', 'let a')
  await coloured(() => expect(colours(editor)).toEqual(['keyword: let']))
  const set = (language: string | null) =>
    editor.view.dispatch(editor.view.state.tr.setNodeAttribute(0, 'language', language))
  set('python')
  expect(colours(editor)).toEqual([])
  set('rust')
  expect(colours(editor)).toContain('keyword: let')
  set(null)
  expect(colours(editor)).toEqual([])
})

test('a change elsewhere moves the colours and looks at no code again', async () => {
  const editor = code('js', 'let a')
  await coloured(() => expect(colours(editor)).toEqual(['keyword: let']))
  const run = editor.view.dom.querySelector('.quire-hljs-keyword')
  const { tr, schema } = editor.view.state
  editor.view.dispatch(tr.insert(0, schema.node('block', null, [schema.text('before')])))
  expect(editor.view.dom.querySelector('.quire-hljs-keyword')).toBe(run)
})

test('code that is very long stays plain', async () => {
  const first = code('js', 'let a')
  await vi.waitFor(() => expect(colours(first)).not.toEqual([]))
  const editor = code('js', 'let a')
  editor.view.dispatch(editor.view.state.tr.insertText(' let b'.repeat(4_000)))
  expect(colours(editor)).toEqual([])
})
