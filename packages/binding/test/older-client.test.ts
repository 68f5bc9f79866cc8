// @vitest-environment jsdom
/**
 * Promise P4: a client that meets what it does not know locks its view and deletes nothing, whether it
 * opens such a document or is told of it while it is open.
 */
import { contentOf, schema } from '@quire/document'
import { doc, p } from '@quire/testkit'
import { type Mark, Schema } from 'prosemirror-model'
import type { EditorView } from 'prosemirror-view'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { closeAll, openView } from './open-view.ts'
import { bytesOf } from './peers.ts'

afterEach(closeAll)

describe('an older client', () => {
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
      .addToEnd('mention', {
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
    'node mention': (view) =>
      view.dispatch(view.state.tr.insert(1, newer.node('mention', { user: 'ada' }))),
    'mark kbd': (view) => view.dispatch(view.state.tr.addMark(1, 4, newer.mark('kbd'))),
    'mark comment': (view) =>
      view.dispatch(view.state.tr.addMark(1, 4, newer.mark('comment', { thread: '1' }))),
    'attribute theme of block': (view) =>
      view.dispatch(view.state.tr.setNodeAttribute(0, 'theme', 'dark')),
    'kind "toggle" of block': (view) =>
      view.dispatch(view.state.tr.setNodeAttribute(0, 'kind', 'toggle')),
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
      const { view, binding } = openView(old, schema)
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
      const { view, binding } = openView(old, schema)
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
