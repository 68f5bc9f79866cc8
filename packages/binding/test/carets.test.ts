// @vitest-environment jsdom
/** Carets of others: where they are drawn, what they may say, and what presence from elsewhere cannot do. */
import { doc as build, p } from '@quire/testkit'
import { createManualClock, until } from '@quire/testkit'
import { schema } from '@quire/document'
import { EditorState, TextSelection } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { createBinding } from '../src/index.ts'
import { bytesOf } from './peers.ts'

interface Person {
  readonly awareness: Awareness
  readonly view: EditorView
  readonly home: HTMLElement
  /** Positions whose place on the page was asked for. */
  readonly measured: number[]
}

const clock = createManualClock()
const closing: (() => void)[] = []
// jsdom has no layout.
beforeEach(() => {
  Range.prototype.getClientRects = () => [] as unknown as DOMRectList
})
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

function open(name: string, color: string): Person {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, bytesOf(build(p('one two three'))))
  const awareness = new Awareness(doc)
  const binding = createBinding({ doc, awareness, user: { name, color }, clock })
  const measured: number[] = []
  const home = document.body.appendChild(document.createElement('div'))
  const view = new EditorView(home, {
    state: EditorState.create({ doc: binding.initialDoc, schema, plugins: binding.plugins }),
  })
  Object.defineProperty(view, 'coordsAtPos', {
    value: (pos: number) => {
      measured.push(pos)
      return { left: pos * 10, right: pos * 10, top: 0, bottom: 20 }
    },
  })
  binding.attach(view)
  closing.push(() => {
    view.destroy()
    binding.destroy()
    awareness.destroy()
    doc.destroy()
    home.remove()
  })
  return { awareness, view, home, measured }
}

function tell(from: Person, to: Person): void {
  const { awareness } = from
  applyAwarenessUpdate(to.awareness, encodeAwarenessUpdate(awareness, [awareness.clientID]), null)
}

const caretsOf = ({ home }: Person) => [...home.querySelectorAll<HTMLElement>('.quire-caret')]

test('a colleague’s caret is drawn beside the text, with the name as text', async () => {
  const ada = open('Ada', '#1d4ed8')
  const ben = open('<b>Ben</b>', '#c2410c')
  ben.view.focus()
  ben.view.dispatch(ben.view.state.tr.setSelection(TextSelection.create(ben.view.state.doc, 5, 8)))
  tell(ben, ada)
  const caret = await until('a caret', () => caretsOf(ada)[0])
  expect(caret.textContent).toBe('<b>Ben</b>')
  expect(caret.style.getPropertyValue('--quire-caret-color')).toBe('#c2410c')
  expect(caret.style.transform).toBe('translate(80px, 0px)')
  // Nothing of it is in the document's own DOM.
  expect(ada.view.dom.contains(caret)).toBe(false)
  expect(ada.view.dom.textContent).toBe('one two three')
  // The name goes after a while; the caret goes with its person.
  expect(caret.dataset).toHaveProperty('moved')
  clock.advance(10_000)
  expect(caret.dataset).not.toHaveProperty('moved')
  ben.awareness.setLocalState(null)
  tell(ben, ada)
  await until('no caret', () => caretsOf(ada).length === 0)
})

test('a name has room: near the right edge it goes to the left of its caret', async () => {
  const ada = open('Ada', '#1d4ed8')
  const ben = open('Ben', '#c2410c')
  ben.view.focus()
  tell(ben, ada)
  await until('a caret', () => caretsOf(ada)[0])
  /** How a caret 50 px from the left is drawn on a page of this width. */
  const turnsAt = async (width: number): Promise<boolean> => {
    Object.defineProperty(ada.home.querySelector('.quire-carets') ?? {}, 'getBoundingClientRect', {
      value: () => new DOMRect(0, 0, width, 100),
      configurable: true,
    })
    for (const at of [1, 5]) {
      ben.view.dispatch(
        ben.view.state.tr.setSelection(TextSelection.create(ben.view.state.doc, at)),
      )
      tell(ben, ada)
      await until('the caret is there', () =>
        caretsOf(ada)[0]?.style.transform.startsWith(`translate(${at * 10}px`),
      )
    }
    return caretsOf(ada)[0]?.hasAttribute('data-turned') === true
  }
  expect(await turnsAt(1_000)).toBe(false)
  expect(await turnsAt(80)).toBe(true)
  expect(await turnsAt(226)).toBe(false)
  // No better on the other side.
  expect(await turnsAt(110)).toBe(false)
})

test('presence that is not what it should be is drawn harmlessly or not at all', async () => {
  const ada = open('Ada', '#1d4ed8')
  const ben = open('Ben', '#c2410c')
  ben.view.focus()
  const { cursor } = ben.awareness.getLocalState() as { cursor: unknown }
  expect(cursor).toBeTruthy()
  const hostile: unknown[] = [
    { name: 'x'.repeat(5_000), color: 'red;background:url(https://a.b)' },
    { name: { toString: 'no' }, color: 5 },
    null,
    'text',
    [],
  ]
  for (const user of hostile) {
    ben.awareness.setLocalState({ user, cursor })
    tell(ben, ada)
    const caret = await until('a caret', () => {
      const [found] = caretsOf(ada)
      return found && found.style.getPropertyValue('--quire-caret-color') === '#6b7280' && found
    })
    expect(caret.textContent?.length).toBeLessThanOrEqual(40)
    expect(caret.getAttribute('style')).not.toContain('url')
  }
  const places: unknown[] = [{ anchor: 1, head: 'x' }, { anchor: {}, head: {} }, 7, 'x', null]
  for (const place of places) {
    ben.awareness.setLocalState({ user: { name: 'Ben', color: '#c2410c' }, cursor: place })
    tell(ben, ada)
    await until('no caret', () => caretsOf(ada).length === 0)
    ben.awareness.setLocalState({ user: { name: 'Ben', color: '#c2410c' }, cursor })
    tell(ben, ada)
    await until('a caret again', () => caretsOf(ada).length === 1)
  }
})

test('a caret that nobody asked for is not told: without presence or focus nothing is sent', () => {
  const ada = open('Ada', '#1d4ed8')
  ;(document.activeElement as HTMLElement | null)?.blur()
  ada.view.dispatch(ada.view.state.tr.setSelection(TextSelection.create(ada.view.state.doc, 3)))
  expect(ada.awareness.getLocalState()).toEqual({ user: { name: 'Ada', color: '#1d4ed8' } })
  ada.awareness.setLocalState(null)
  ada.view.focus()
  ada.view.dispatch(ada.view.state.tr.setSelection(TextSelection.create(ada.view.state.doc, 5)))
  expect(ada.awareness.getLocalState()).toBeNull()
})

test('when one person moves, only their caret is measured; when text moves, all are', async () => {
  const ada = open('Ada', '#1d4ed8')
  const others = ['Ben', 'Cleo', 'Dan'].map((name) => open(name, '#c2410c'))
  const select = ({ view }: Person, pos: number): void => {
    view.focus()
    view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, pos)))
  }
  for (const other of others) {
    select(other, 2)
    tell(other, ada)
  }
  await until('three carets', () => caretsOf(ada).length === 3)
  const { measured } = ada
  measured.length = 0
  const placed = (pos: number) => () =>
    caretsOf(ada).some(({ style }) => style.transform === `translate(${pos * 10}px, 0px)`)
  select(others[0]!, 7)
  tell(others[0]!, ada)
  await until('the caret of one', placed(7))
  expect(measured).toEqual([7])

  ada.view.dispatch(ada.view.state.tr.insertText('and ', 1))
  await until('the carets of all', placed(11))
  expect(measured.toSorted((a, b) => a - b)).toEqual([6, 6, 7, 11])
})

test('a caret glides over a longer way, but not in a crowd, and names that are due together go together', async () => {
  const ada = open('Ada', '#1d4ed8')
  const ben = open('Ben', '#c2410c')
  ben.view.focus()
  const cursors = [2, 9].map((pos) => {
    const { doc } = ben.view.state
    ben.view.dispatch(ben.view.state.tr.setSelection(TextSelection.create(doc, pos)))
    return (ben.awareness.getLocalState() as { cursor: unknown }).cursor
  })
  ben.awareness.setLocalState(null)
  const people = Array.from({ length: 30 }, (_, i) => {
    const awareness = new Awareness(new Y.Doc())
    closing.push(() => awareness.destroy())
    const go = (cursor: unknown): void => {
      awareness.setLocalState({ user: { name: `Person ${i}`, color: '#c2410c' }, cursor })
      const bytes = encodeAwarenessUpdate(awareness, [awareness.clientID])
      applyAwarenessUpdate(ada.awareness, bytes, null)
    }
    return { go, selector: `[data-client="${awareness.clientID}"]` }
  })
  const [first, ...others] = people as [(typeof people)[number], ...typeof people]
  const caretOf = ({ selector }: (typeof people)[number]) =>
    ada.home.querySelector<HTMLElement>(selector)
  const at = (px: number) => () => caretOf(first)?.style.transform === `translate(${px}px, 0px)`
  first.go(cursors[0])
  await until('the first caret', at(20))
  first.go(cursors[1])
  await until('the caret further on', at(90))
  expect(caretOf(first)?.dataset).toHaveProperty('glides')

  clock.advance(1_000)
  for (const person of others) person.go(cursors[0])
  await until('all carets', () => caretsOf(ada).length === 30)
  first.go(cursors[0])
  await until('the caret back', at(20))
  expect(caretOf(first)?.dataset).not.toHaveProperty('glides')

  const named = () => ada.home.querySelectorAll('[data-moved]').length
  clock.advance(2_000)
  expect(named()).toBe(30)
  clock.advance(600)
  expect(named()).toBe(0)
})
