// @vitest-environment jsdom
/**
 * Promise P4: a client that meets what it does not know locks it and deletes nothing, whether it opens such
 * a document or is told of it while it is open. Here: what the whole view is locked for, because no part of
 * it can be. `locked-parts.test.ts` has what is locked block by block.
 */
import { contentOf, documentFormat, metaOf, schema } from '@quire/document'
import { doc, p } from '@quire/testkit'
import { type Mark, Schema } from 'prosemirror-model'
import type { EditorView } from 'prosemirror-view'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { closeAll, openView } from './open-view.ts'
import { bytesOf } from './peers.ts'

afterEach(closeAll)

/** A schema without a node that could stand in for a locked block. */
const older = new Schema({
  nodes: schema.spec.nodes.remove('locked'),
  marks: schema.spec.marks,
})

describe('an older client that has no placeholder', () => {
  const newer = new Schema({
    nodes: schema.spec.nodes
      .update('block', {
        ...schema.spec.nodes.get('block'),
        attrs: {
          ...schema.spec.nodes.get('block')?.attrs,
          kind: { default: 'paragraph' },
          theme: { default: null },
        },
      })
      .addToEnd('poll', { content: 'block*', group: 'flow', toDOM: () => ['aside', 0] })
      .addToEnd('sketch', {
        inline: true,
        group: 'inline',
        attrs: { user: {} },
        toDOM: () => ['span'],
      }),
    marks: schema.spec.marks
      .addToEnd('comment', { attrs: { thread: {} }, excludes: '', toDOM: () => ['span', 0] })
      .addToEnd('kbd', { toDOM: () => ['kbd', 0] }),
  })
  const text = (value: string, ...marks: Mark[]) => newer.text(value, marks)
  const news: Record<string, (view: EditorView) => void> = {
    'node poll': (view) =>
      view.dispatch(
        view.state.tr.insert(
          0,
          newer.node('poll', null, [newer.node('block', null, [text('vote')])]),
        ),
      ),
    'node sketch': (view) =>
      view.dispatch(view.state.tr.insert(1, newer.node('sketch', { user: 'ada' }))),
    'mark kbd': (view) => view.dispatch(view.state.tr.addMark(1, 4, newer.mark('kbd'))),
    'mark comment': (view) =>
      view.dispatch(view.state.tr.addMark(1, 4, newer.mark('comment', { thread: '1' }))),
    'attribute theme of block': (view) =>
      view.dispatch(view.state.tr.setNodeAttribute(0, 'theme', 'dark')),
    'kind "spoiler" of block': (view) =>
      view.dispatch(view.state.tr.setNodeAttribute(0, 'kind', 'spoiler')),
  }
  const start = () => {
    const shared = new Y.Doc()
    Y.applyUpdate(shared, bytesOf(doc(p('hello world'), p('second'))))
    return shared
  }
  const jsonOf = (shared: Y.Doc) => JSON.stringify(contentOf(shared).toJSON())

  test.each(Object.entries(news))(
    'that opens a document with an unknown %s deletes nothing and says so',
    (unknown, edit) => {
      const shared = start()
      edit(openView(shared, newer).view)
      const before = jsonOf(shared)
      const old = new Y.Doc()
      Y.applyUpdate(old, Y.encodeStateAsUpdate(shared))
      let writes = 0
      old.on('update', () => {
        writes += 1
      })
      const { view, binding } = openView(old, older)
      expect(binding.state).toEqual({ kind: 'locked', unknown: [unknown] })
      expect(view.editable).toBe(false)
      expect(view.state.doc.textContent).toContain('second')
      view.dispatch(view.state.tr.insertText('x', 1))
      expect(writes).toBe(0)
      expect(jsonOf(old)).toBe(before)
      expect(binding.undo(view.state, view.dispatch, view)).toBe(false)
    },
  )

  test.each(Object.entries(news))(
    'that is told of an unknown %s locks, deletes nothing and shows what comes later',
    (unknown, edit) => {
      const shared = start()
      const old = start()
      const { view: newView } = openView(shared, newer)
      const { view, binding } = openView(old, older)
      view.dispatch(view.state.tr.insertText('mine ', 1))
      Y.applyUpdate(shared, Y.encodeStateAsUpdate(old))
      const heard: unknown[] = []
      binding.on('state', (state) => heard.push(state))
      shared.on('update', (update: Uint8Array) => Y.applyUpdate(old, update, 'remote'))
      let writes = 0
      old.on('update', (_update: Uint8Array, origin: unknown) => {
        if (origin !== 'remote') writes += 1
      })
      edit(newView)
      expect(heard).toEqual([{ kind: 'locked', unknown: [unknown] }])
      newView.dispatch(newView.state.tr.insertText(' more', newView.state.doc.content.size - 1))
      expect(view.state.doc.textContent).toContain('second more')
      view.dispatch(view.state.tr.insertText('x', 1))
      binding.undo(view.state, view.dispatch, view)
      expect(writes).toBe(0)
      expect(jsonOf(old)).toBe(jsonOf(shared))
      expect(view.editable).toBe(false)
    },
  )
})

describe('a document of a newer format', () => {
  const start = (format: unknown): Y.Doc => {
    const shared = new Y.Doc()
    Y.applyUpdate(shared, bytesOf(doc(p('hello'))))
    metaOf(shared).set('format', format)
    return shared
  }

  test.each([documentFormat + 1, 'two', null])(
    '%o is shown read-only, and nothing is written',
    (format) => {
      const shared = start(format)
      const { view, binding } = openView(shared, schema)
      let writes = 0
      shared.on('update', () => {
        writes += 1
      })
      expect(binding.state).toEqual({
        kind: 'locked',
        unknown: [`format ${JSON.stringify(format)}`],
      })
      expect(view.editable).toBe(false)
      view.dispatch(view.state.tr.insertText('x', 1))
      expect(view.state.doc.textContent).toBe('hello')
      expect(writes).toBe(0)
    },
  )

  test('locks the view when it becomes one while it is open', () => {
    const shared = start(documentFormat)
    const { view, binding } = openView(shared, schema)
    view.dispatch(view.state.tr.insertText('x', 1))
    expect(view.state.doc.textContent).toBe('xhello')
    metaOf(shared).set('format', documentFormat + 1)
    expect(binding.state.kind).toBe('locked')
    view.dispatch(view.state.tr.insertText('y', 1))
    expect(binding.undo(view.state, view.dispatch, view)).toBe(false)
    expect(JSON.stringify(contentOf(shared).toJSON())).toContain('xhello')
  })
})
