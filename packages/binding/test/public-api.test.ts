// @vitest-environment jsdom
/**
 * What users of y-prosemirror rely on, with its own functions, in a view that is bound by us: its keys
 * and what they hold, its undo and the scope of it, its relative positions, what it says on transactions,
 * its conversions, its carets and its way to show a stored state.
 */
import { contentOf, schema } from '@quire/document'
import { doc, h, p, until } from '@quire/testkit'
import { EditorState, Plugin, type Transaction } from 'prosemirror-state'
import { EditorView } from 'prosemirror-view'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import {
  absolutePositionToRelativePosition,
  getRelativeSelection,
  redo,
  redoCommand,
  relativePositionToAbsolutePosition,
  undo,
  undoCommand,
  yCursorPlugin,
  yDocToProsemirrorJSON,
  ySyncPluginKey,
  yUndoPluginKey,
  yXmlFragmentToProseMirrorRootNode,
} from 'y-prosemirror'
import * as Y from 'yjs'
import { afterEach, expect, test } from 'vitest'
import { createBinding } from '../src/index.ts'
import { agreed, bytesOf, type Peer, placeOf, settle } from './peers.ts'
import { closePeers, two, type } from './two-peers.ts'

afterEach(closePeers)

interface Undo {
  readonly undoManager: Y.UndoManager
  readonly hasUndoOps: boolean
  readonly hasRedoOps: boolean
}

const undoOf = ({ view }: Peer): Undo => yUndoPluginKey.getState(view.state) as Undo
const syncOf = ({ view }: Peer) => ySyncPluginKey.getState(view.state)

test('its keys hold the shared type, the document, the binding and the undo manager', () => {
  const [a] = two(doc(p('one')))
  const { type: shared, doc: ydoc, binding } = syncOf(a)
  expect(shared).toBe(contentOf(a.doc))
  expect(ydoc).toBe(a.doc)
  expect(binding.mapping.get(contentOf(a.doc).get(0))).toBe(a.content.child(0))
  expect(undoOf(a).undoManager).toBeInstanceOf(Y.UndoManager)
})

test('its undo and redo work, and its state says whether there is something to undo', () => {
  const [a, b] = two(doc(p('one'), p('two')))
  const says = () => [undoOf(a).hasUndoOps, undoOf(a).hasRedoOps]
  expect([says(), undoCommand(a.view.state), redoCommand(a.view.state)]).toEqual([
    [false, false],
    false,
    false,
  ])
  type(a, 'A', 'one')
  settle([a, b])
  // As in y-prosemirror, a state knows of what was done before it.
  a.select(1)
  expect([says(), undoCommand(a.view.state)]).toEqual([[true, false], true])
  expect(a.run(undoCommand)).toBe(true)
  settle([a, b])
  a.select(1)
  expect([says(), agreed([a, b])]).toEqual([
    [false, true],
    ['p one', 'p two'],
  ])
  expect(redo(a.view.state)).toBe(true)
  expect(undo(a.view.state)).toBe(true)
  expect(a.run(redoCommand)).toBe(true)
  settle([a, b])
  expect(agreed([a, b])).toEqual(['p Aone', 'p two'])
})

test('undo is of what was typed here, and of origins that the application adds', () => {
  const [a, b] = two(doc(p('one'), p('two'), p('three')))
  type(b, 'B', 'two')
  settle([a, b])
  const write = (text: string, origin: string): void =>
    a.doc.transact(() => {
      const line = (contentOf(a.doc).get(2) as Y.XmlElement).get(0) as Y.XmlText
      line.insert(0, text)
    }, origin)
  write('by nobody ', 'import')
  expect(undo(a.view.state)).toBe(false)
  undoOf(a).undoManager.addTrackedOrigin('assistant')
  write('by a helper ', 'assistant')
  type(a, 'silent ', 'one')
  undoOf(a).undoManager.clear()
  write('again ', 'assistant')
  a.edit((tr) => tr.insertText('kept ', 1).setMeta('addToHistory', false))
  expect(undo(a.view.state)).toBe(true)
  settle([a, b])
  expect(agreed([a, b])).toEqual(['p kept silent one', 'p Btwo', 'p by a helper by nobody three'])
  expect(undo(a.view.state)).toBe(false)
})

test('its relative positions and its relative selection stay with their letters', () => {
  const [a, b] = two(doc(h(1, 'Title'), p('one two three')))
  const { type: shared, doc: ydoc, binding } = syncOf(a)
  const at = placeOf(a.content, 'two')
  const relative = absolutePositionToRelativePosition(at, shared, binding.mapping)
  a.select(at, at + 3)
  const selection = getRelativeSelection(binding, a.view.state)
  type(b, 'new ', 'one')
  b.edit((tr) => tr.insert(0, schema.node('block', null, [schema.text('above')])))
  b.edit((tr) => tr.split(placeOf(tr.doc, 'three')))
  settle([a, b])
  const now = placeOf(a.content, 'two')
  expect(now).toBeGreaterThan(at)
  const absolute = (position: unknown) =>
    relativePositionToAbsolutePosition(ydoc, shared, position, binding.mapping)
  expect(absolute(relative)).toBe(now)
  expect([absolute(selection.anchor), absolute(selection.head)]).toEqual([now, now + 3])
})

test('transactions say whether they show what came from elsewhere, or an undo', () => {
  const seen: unknown[] = []
  const listener = new Plugin({
    state: {
      init: () => null,
      apply(tr: Transaction) {
        const meta = tr.getMeta(ySyncPluginKey) as Record<string, unknown> | undefined
        if (tr.docChanged) seen.push([meta?.['isChangeOrigin'], meta?.['isUndoRedoOperation']])
        return null
      },
    },
  })
  const [a, b] = two(doc(p('one')), { plugins: [listener] })
  type(a, 'A', 'one')
  expect(seen.splice(0)).toContainEqual([undefined, undefined])
  settle([a, b])
  type(b, 'B', 'one')
  seen.splice(0)
  settle([a, b])
  expect(seen.splice(0)).toEqual([[true, false]])
  undo(a.view.state)
  expect(seen.splice(0)).toEqual([[true, true]])
})

test('its conversions read what we write', () => {
  const [a, b] = two(doc(p('one')))
  type(a, 'A ', 'one')
  a.edit((tr) => tr.split(3).setNodeAttribute(0, 'kind', 'quote'))
  settle([a, b])
  expect(yXmlFragmentToProseMirrorRootNode(contentOf(b.doc), schema).eq(a.content)).toBe(true)
  const json = yDocToProsemirrorJSON(b.doc, 'content')
  expect(schema.nodeFromJSON(json).eq(a.content)).toBe(true)
})

test('its carets can be drawn in place of ours', async () => {
  const [ydoc, other] = [new Y.Doc(), new Y.Doc()]
  Y.applyUpdate(ydoc, bytesOf(doc(p('one two'))))
  const [awareness, theirs] = [new Awareness(ydoc), new Awareness(other)]
  const binding = createBinding({ doc: ydoc })
  const view = new EditorView(document.body.appendChild(document.createElement('div')), {
    state: EditorState.create({
      doc: binding.initialDoc,
      schema,
      plugins: [...binding.plugins, yCursorPlugin(awareness)],
    }),
  })
  const detach = binding.attach(view)
  const sync = ySyncPluginKey.getState(view.state)
  const relative = absolutePositionToRelativePosition(5, sync.type, sync.binding.mapping)
  theirs.setLocalState({
    user: { name: 'Ben', color: '#112233' },
    cursor: { anchor: relative, head: relative },
  })
  applyAwarenessUpdate(awareness, encodeAwarenessUpdate(theirs, [other.clientID]), null)
  const caret = () => view.dom.querySelector('.ProseMirror-yjs-cursor')
  await until('it is drawn', () => caret() !== null)
  view.dispatch(view.state.tr.insertText('so ', 1))
  expect(caret()?.textContent).toContain('Ben')
  expect(caret()?.previousSibling?.textContent).toBe('so one ')
  detach()
  view.destroy()
  view.dom.remove()
  binding.destroy()
  for (const one of [awareness, theirs]) one.destroy()
})

test('a stored state is shown in its way, what comes meanwhile waits, and then the document is back', () => {
  const [a, b] = two(doc(p('one')))
  const snapshot = Y.encodeStateAsUpdateV2(a.doc)
  type(a, 'A ', 'one')
  settle([a, b])
  const { binding } = syncOf(a)
  const nobody = {
    dss: new Map(),
    getUserByClientId: () => null,
    getUserByDeletedId: () => null,
  }
  a.view.dispatch(
    a.view.state.tr.setMeta(ySyncPluginKey, {
      snapshot,
      prevSnapshot: snapshot,
      permanentUserData: nobody,
    }),
  )
  type(b, 'B ', 'one')
  settle([a, b])
  binding.unrenderSnapshot()
  expect(agreed([a, b])).toEqual(['p A B one'])
})
