// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { edit, host, press, seeded, type } from '../../../test/open-editor.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** An editor with its presence, and a way for others to come, with a caret or without, and to go. */
function company() {
  const doc = seeded()
  const awareness = new Awareness(doc)
  const editor = edit({ doc, awareness, user: { name: 'Ada', color: '#000000' } })
  const said = () => host.querySelector('[aria-live="polite"]')?.textContent ?? ''
  const come = (name: string, hasCaret = false): (() => void) => {
    const other = new Awareness(new Y.Doc())
    const text = (doc.getXmlFragment('content').get(0) as Y.XmlElement).get(0) as Y.XmlText
    const head = hasCaret ? Y.createRelativePositionFromTypeIndex(text, 0) : null
    other.setLocalState({ user: { name }, ...(head && { cursor: { anchor: head, head } }) })
    const tell = () =>
      applyAwarenessUpdate(awareness, encodeAwarenessUpdate(other, [other.clientID]), 'wire')
    tell()
    return () => {
      other.setLocalState(null)
      tell()
    }
  }
  return { editor, said, come, later: () => vi.advanceTimersByTime(2_000) }
}

test('who comes and who goes is said once, together, and typing is not', () => {
  const { editor, said, come, later } = company()
  const leave = come('Ben')
  come('Cleo')
  expect(said()).toBe('')
  later()
  expect(said()).toBe('Ben and Cleo are here.')
  type(editor, 'words')
  leave()
  later()
  expect(said()).toBe('Ben left.')
})

test('somebody who reloads is not announced, and a crowd is counted', () => {
  const { said, come, later } = company()
  come('Ben')
  later()
  expect(said()).toBe('Ben is here.')
  for (const name of ['Cleo', 'Dan', 'Eve', 'Fay', 'Gus']) come(name)
  later()
  expect(said()).toBe('Cleo, Dan, Eve and 2 more are here.')
  const leave = come('Hal')
  leave()
  later()
  expect(said()).toBe('Cleo, Dan, Eve and 2 more are here.')
})

test('a key says where everybody is; a name that goes on and on is cut', () => {
  const { editor, said, come } = company()
  type(editor, 'plan')
  press(editor, 'w', { ctrlKey: true, altKey: true })
  expect(said()).toBe('Nobody else is here.')
  come('x'.repeat(1_000))
  come('Ben', true)
  press(editor, 'w', { ctrlKey: true, altKey: true })
  expect(said()).toBe(`${'x'.repeat(40)}: not in the text. Ben: where you are.`)
})
