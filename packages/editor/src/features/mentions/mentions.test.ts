// @vitest-environment jsdom
import { until } from '@quire/testkit'
import { NodeSelection, TextSelection } from 'prosemirror-state'
import { expect, test } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import { edit, host, press, seeded, text, type } from '../../../test/open-editor.ts'
import { pair } from '../../../test/pair.ts'
import type { Mention, Mentions, Suggested } from './mentions.ts'

const rows = (): (string | null)[] =>
  [...host.querySelectorAll('[role="option"]')].map((row) => row.textContent)
const mentions: Mentions = {
  people: async (query) =>
    [{ id: 'u1', name: 'Ada Lovelace', hint: 'ada@quire.test' }].filter(({ name }) =>
      name.toLowerCase().includes(query),
    ),
  documents: async (query) => [{ id: 'd1', name: `About ${query}` }],
}

test('people who are here, whom the application knows, and documents are offered', async () => {
  const doc = seeded()
  const awareness = new Awareness(doc)
  const states = awareness.getStates() as Map<number, Record<string, unknown>>
  states.set(7, { user: { name: 'Ben Nevis' } })
  states.set(8, { user: { name: 'Ada Lovelace' } })
  const editor = edit({ doc, awareness, mentions })
  type(editor, 'ask @')
  await until('the list is there', () => rows().length === 3)
  expect(rows()).toEqual(['Ada Lovelaceada@quire.test', 'Ben Nevishere now', 'About '])
  type(editor, 'nev')
  await until('it is narrowed', () => rows()[0]?.startsWith('Ben') === true)
  press(editor, 'Enter')
  type(editor, 'now')
  expect(editor.json()).toMatchObject({
    content: [
      {
        content: [
          { text: 'ask ' },
          { type: 'mention', attrs: { of: 'person', target: 'Ben Nevis', label: 'Ben Nevis' } },
          { text: ' now' },
        ],
      },
    ],
  })
  awareness.destroy()
})

test('what cannot be found is not offered, and the words stay', async () => {
  const editor = edit({ mentions: { people: () => Promise.reject(new Error('away')) } })
  type(editor, '@zoe')
  await until('it has looked', () => host.querySelector('.quire-suggest-none') !== null)
  press(editor, 'Escape')
  expect(text(editor)).toBe('p @zoe|')
})

test('an id that a document may not hold is not offered', async () => {
  const documents = async (): Promise<readonly Suggested[]> => [
    { id: 'd'.repeat(201), name: 'Too long' },
    { id: 'd'.repeat(200), name: 'Just right' },
  ]
  type(edit({ mentions: { documents } }), '@')
  await until('the list is there', () => rows().length > 0)
  expect(rows()).toEqual(['Just right'])
})

test('who presses Enter before the list is there, and writes on, gets what they asked for', async () => {
  let answer = (_found: readonly Suggested[]): void => undefined
  const documents = (): Promise<readonly Suggested[]> =>
    new Promise((resolve) => {
      answer = resolve
    })
  const editor = edit({ mentions: { documents } })
  type(editor, 'see @pl')
  expect(press(editor, 'Enter')).toBe(true)
  type(editor, 'now')
  await until('it is asked', () => {
    answer([{ id: 'd1', name: 'Plan' }])
    return editor.view.state.doc.textContent === 'see Plan now'
  })
  type(editor, '!')
  expect(editor.view.state.doc.textContent).toBe('see Plan now!')
})

test('an address of mail opens nothing', () => {
  const editor = edit({ mentions })
  type(editor, 'ada@quire.test')
  expect(text(editor)).toBe('p ada@quire.test|')
  expect(rows()).toEqual([])
})

test('Enter on a selected mention, and a press, open it', () => {
  const opened: Mention[] = []
  const editor = edit({ mentions: { open: (mention) => opened.push(mention) } })
  const plan: Mention = { of: 'document', target: 'd1', label: 'Plan' }
  const { schema, tr } = editor.view.state
  editor.view.dispatch(tr.insert(1, schema.node('mention', plan)))
  const { doc, tr: next } = editor.view.state
  editor.view.dispatch(next.setSelection(NodeSelection.create(doc, 1)))
  expect(press(editor, 'Enter')).toBe(true)
  const event = new MouseEvent('click')
  const node = doc.nodeAt(1)
  editor.view.someProp('handleClickOn', (f) => node && f(editor.view, 1, node, 1, event, true))
  expect(opened).toEqual([plan, plan])
  expect(editor.view.dom.textContent).toBe('Plan')
})

test('a mention stays with its words when a line becomes code, and is copied as text', () => {
  const editor = edit()
  const { schema, tr } = editor.view.state
  const ada: Mention = { of: 'person', target: 'u1', label: 'Ada' }
  editor.view.dispatch(tr.insert(1, [schema.text('ask '), schema.node('mention', ada)]))
  expect(editor.view.serializeForClipboard(editor.view.state.doc.slice(0)).text).toBe('ask @Ada')
  editor.commands.toggleCodeBlock()
  expect(editor.view.state.doc.textContent).toBe('ask @Ada')
})

test('marks that somebody sets over a mention leave both copies alike', () => {
  const [mine, theirs] = pair()
  const [here, there] = [edit({ doc: mine }), edit({ doc: theirs })]
  const ada: Mention = { of: 'person', target: 'u1', label: 'Ada' }
  const { schema, tr } = here.view.state
  here.view.dispatch(
    tr.insert(1, [schema.text('ask '), schema.node('mention', ada), schema.text(' now')]),
  )
  const { doc } = there.view.state
  there.view.dispatch(
    there.view.state.tr.setSelection(TextSelection.create(doc, 1, doc.content.size - 1)),
  )
  there.commands.toggleMark('bold')
  there.commands.setLink('https://quire.test/')
  type(here, 'x')
  expect(here.json()).toEqual(there.json())
  expect(here.view.state.doc.textContent).toContain('@Ada now')
  here.commands.clearFormatting()
  expect(here.json()).toEqual(there.json())
})
