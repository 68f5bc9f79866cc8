// @vitest-environment jsdom
import { schema } from '@quire/document'
import { until } from '@quire/testkit'
import { SearchQuery } from 'prosemirror-search'
import { EditorState } from 'prosemirror-state'
import { expect, test } from 'vitest'
import { edit, host, press, text, type } from '../../../test/open-editor.ts'
import { show, stateOf } from '../../../test/notation.ts'
import { replaceAllMatches, replaceMatch } from './commands.ts'
import { findIn, findStatePlugin, setQuery } from './find-state.ts'
import { goToMatch } from './go-to-match.ts'
import { matchesIn } from './matches.ts'

type Words = ConstructorParameters<typeof SearchQuery>[0]

const searching = (notation: string, query: Words): EditorState => {
  const state = stateOf(notation, [findStatePlugin()])
  return state.apply(setQuery(state.tr, new SearchQuery({ literal: !query.regexp, ...query })))
}

const after = (state: EditorState, command: typeof replaceMatch): EditorState => {
  let next = state
  command(state, (tr) => {
    next = state.apply(tr)
  })
  return next
}

const found = (state: EditorState): string[] =>
  findIn(state).matches.map(({ from, to }) => state.doc.textBetween(from, to))

test('finds in all kinds of blocks, whatever the case, in the order of the document', () => {
  const state = searching('h1 |An apple\n- Apples\n``` apple()', { search: 'apple' })
  expect(found(state)).toEqual(['apple', 'Apple', 'apple'])
})

test('a word that is cut by a mark is found; one that is cut by two blocks is not', () => {
  const bold = schema.marks['bold']!
  const state = stateOf('p ap|ple\np ap\np ple', [findStatePlugin()])
  const marked = state.apply(state.tr.addMark(1, 3, bold.create()))
  const asked = marked.apply(setQuery(marked.tr, new SearchQuery({ search: 'apple' })))
  expect(findIn(asked).matches).toEqual([{ from: 1, to: 6 }])
})

test('case, whole words and patterns narrow a search', () => {
  const notation = 'p |Ann and Anna and ann'
  expect(found(searching(notation, { search: 'ann', caseSensitive: true }))).toEqual(['ann'])
  expect(found(searching(notation, { search: 'ann', wholeWord: true }))).toEqual(['Ann', 'ann'])
  expect(found(searching(notation, { search: 'ann+a?', regexp: true }))).toEqual([
    'Ann',
    'Anna',
    'ann',
  ])
})

test('a pattern that is none, or that matches nothing, finds nothing', () => {
  expect(found(searching('p |aab', { search: '(', regexp: true }))).toEqual([])
  expect(found(searching('p |aab', { search: 'x*', regexp: true }))).toEqual([])
  expect(found(searching('p |aab', { search: 'a*', regexp: true }))).toEqual(['aa'])
})

test('goes from match to match and round at both ends', () => {
  let state = searching('p |one two\np one', { search: 'one' })
  const steps: string[] = []
  for (const direction of [1, 1, 1, -1] as const) {
    state = after(state, goToMatch(direction))
    steps.push(show(state))
  }
  expect(steps).toEqual([
    'p ‹one› two\np one',
    'p one two\np ‹one›',
    'p ‹one› two\np one',
    'p one two\np ‹one›',
  ])
})

test('replaces the chosen match and goes on to the next one', () => {
  let state = searching('p |cat, cat\np cat', { search: 'cat', replace: 'horse' })
  state = after(state, replaceMatch)
  expect(show(state)).toBe('p ‹cat›, cat\np cat')
  state = after(state, replaceMatch)
  expect(show(state)).toBe('p horse, ‹cat›\np cat')
  state = after(after(state, replaceMatch), replaceMatch)
  expect(show(state)).toBe('p horse, horse\np horse|')
})

test('replaces all in one transaction, with parts of a pattern', () => {
  const state = searching('p |2026-11 and 2027-01\n- 2028-02', {
    search: '(\\d{4})-(\\d\\d)',
    regexp: true,
    replace: '$2/$1',
  })
  expect(show(after(state, replaceAllMatches))).toMatch(/^p \|?11\/2026 and 01\/2027\n- 02\/2028$/)
})

test('what replaces bold words is bold', () => {
  const bold = schema.marks['bold']!
  const state = searching('p |a cat', { search: 'cat', replace: 'dog' })
  const done = after(state.apply(state.tr.addMark(3, 6, bold.create())), replaceAllMatches)
  expect(done.doc.firstChild?.lastChild?.text).toBe('dog')
  expect(done.doc.firstChild?.lastChild?.marks).toEqual([bold.create()])
})

test('an edit looks again at the block in which it was, and at no other', () => {
  const state = searching('p |one\np one', { search: 'one' })
  const next = state.apply(state.tr.insertText('no one ', 1))
  expect(found(next)).toEqual(['one', 'one', 'one'])
  let looks = 0
  const query = findIn(next).query!
  const findNext = query.findNext.bind(query)
  query.findNext = (...args) => {
    looks += 1
    return findNext(...args)
  }
  matchesIn(next.apply(next.tr.insertText('x', next.doc.content.size - 1)).doc, query)
  // Once for what is there, once for the rest of that block.
  expect(looks).toBe(2)
})

test('at most a thousand matches are marked, those around the caret, and all are counted', () => {
  const state = searching(`p |${'ab '.repeat(3_000)}`, { search: 'ab' })
  const { matches, marks } = findIn(state)
  expect(matches).toHaveLength(3_000)
  expect(marks.find()).toHaveLength(1_000)
})

test('the bar finds, counts, replaces all as one step of undo, and gives the focus back', async () => {
  const editor = edit()
  type(editor, 'red or blue or red')
  expect(press(editor, 'h', { ctrlKey: true })).toBe(true)
  const bar = await theBar()
  const [find, replace] = bar.querySelectorAll('input')
  enter(find!, 'red')
  expect(bar.querySelector('output')?.textContent).toBe('1 of 2')
  enter(replace!, 'green')
  const all = [...bar.querySelectorAll('button')].find((b) => b.textContent === 'Replace all')!
  all.click()
  expect(editor.view.state.doc.textContent).toBe('green or blue or green')
  expect(bar.querySelector('output')?.textContent).toBe('None')
  find!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
  expect(host.querySelector('.quire-find')).toBeNull()
  editor.undo()
  expect(text(editor).replace(/[|‹›]/g, '')).toBe('p red or blue or red')
})

test('the bar begins with the selected words, and in a view-only editor offers no replacing', async () => {
  const editor = edit()
  type(editor, 'red or blue')
  const { tr, doc } = editor.view.state
  editor.view.dispatch(
    tr.setSelection(stateOf('p ‹red› or blue').selection.getBookmark().resolve(doc)),
  )
  editor.setEditable(false)
  editor.commands.find()
  const bar = await theBar()
  expect(bar.querySelector('input')?.value).toBe('red')
  const hidden = [...bar.querySelectorAll<HTMLButtonElement>('button')].filter((b) => b.hidden)
  expect(hidden.map((b) => b.getAttribute('aria-label'))).toEqual(['Replace'])
})

test('what is typed before the bar is there is what it looks for, and Escape then leaves it unopened', async () => {
  const editor = edit()
  type(editor, 'red or blue')
  press(editor, 'f', { ctrlKey: true })
  const early = host.querySelector<HTMLInputElement>('.quire-popover input')!
  expect(document.activeElement).toBe(early)
  early.value = 'blu'
  const bar = await theBar()
  const input = bar.querySelector('input')!
  expect([input.value, input.selectionStart, input.selectionEnd]).toEqual(['blu', 3, 3])
  expect(host.querySelectorAll('.quire-popover')).toHaveLength(0)

  const other = edit()
  press(other, 'f', { ctrlKey: true })
  const leaving = [...host.querySelectorAll('.quire-popover input')].at(-1)!
  leaving.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }))
  await import('../../parts.ts')
  expect(host.querySelectorAll('[role="search"]')).toHaveLength(1)
})

/** Once it is there. */
async function theBar(): Promise<HTMLElement> {
  let bar: HTMLElement | null = null
  await until('the bar is there', () => {
    bar = host.querySelector<HTMLElement>('.quire-find[role="search"]')
    return bar !== null
  })
  return bar!
}

function enter(input: HTMLInputElement, value: string): void {
  input.value = value
  input.dispatchEvent(new Event('input', { bubbles: true }))
}
