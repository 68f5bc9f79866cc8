// @vitest-environment jsdom
/** What opening, receiving and editing write into the shared document, and what they do not. */
import { contentOf, metaOf, schema, seedUpdate } from '@quire/document'
import { bold, br, cell, doc, h, p, row, show, table } from '@quire/testkit'
import { Schema } from 'prosemirror-model'
import { AllSelection, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { openView } from './open-view.ts'
import { agreed, bytesOf, placeOf, settle } from './peers.ts'
import { closePeers, grid, two, type } from './two-peers.ts'

afterEach(closePeers)

describe('what is written', () => {
  test('opening a document writes nothing, seeded or empty', () => {
    for (const bytes of [seedUpdate, bytesOf(doc(h(1, 'a'), grid(['x']))), undefined]) {
      const shared = new Y.Doc()
      if (bytes) Y.applyUpdate(shared, bytes)
      let writes = 0
      shared.on('update', () => {
        writes += 1
      })
      const { view } = openView(shared, schema)
      view.dispatch(view.state.tr.setSelection(new AllSelection(view.state.doc)))
      view.focus()
      expect(writes).toBe(0)
    }
  })

  test('two people who begin to write in a new document write in one block', () => {
    const [a, b] = two(seedUpdate)
    a.edit((tr) => tr.insertText('hello', 1))
    b.edit((tr) => tr.insertText('world', 1))
    settle([a, b])
    expect(agreed([a, b])).toHaveLength(1)
    expect(metaOf(a.doc).toJSON()).toEqual({ format: 1 })
  })

  test('a first edit that deletes everything is written', () => {
    const [a, b] = two(doc(p('keep me'), p('other')))
    a.edit((tr) => tr.delete(0, tr.doc.content.size))
    settle([a, b])
    expect(show(b.content)).toEqual(['p'])
    expect(agreed([a, b])).toEqual(['p'])
  })

  test('receiving writes nothing, whatever plugins would like to add', () => {
    const mender = new Plugin({
      appendTransaction: (_trs, _old, { doc: node, tr }) =>
        node.lastChild?.textContent === ''
          ? null
          : tr.insert(node.content.size, schema.node('block')),
    })
    const [a, b] = two(doc(p('one'), p('')), { plugins: [mender] })
    a.edit((tr) => tr.delete(5, 7))
    settle([a, b])
    expect(b.answers + a.answers).toBe(0)
    expect(agreed([a, b])).toEqual(['p one', 'p'])
  })

  test('marks on a break in a line do not make copies differ', () => {
    const [a, b] = two(doc(p('see ', br, ' end')))
    a.edit((tr) => tr.addMark(1, 10, schema.mark('bold')))
    settle([a, b])
    expect(agreed([a, b])).toEqual(['p **see **⏎** end**'])
    type(b, 'X', 'end')
    b.edit((tr) =>
      tr.replaceWith(1, 2, [schema.node('hard_break', null, [], [schema.mark('italic')])]),
    )
    settle([a, b])
    agreed([a, b])
  })

  test('a column with a width is written in costs no more than one without', () => {
    const cost = (colwidth: number[] | undefined) => {
      const [a] = two(doc(table(row(cell('x', colwidth ? { colwidth } : {}), cell('y'))), p('z')))
      let bytes = 0
      a.doc.on('update', (update: Uint8Array) => {
        bytes += update.length
      })
      for (let i = 0; i < 20; i++) type(a, 'q', 'x')
      return bytes
    }
    expect(cost([120])).toBe(cost(undefined))
  })

  test('an edit of several steps is one update on the wire and one step of undo', () => {
    const [a, b] = two(doc(p('one'), p('two'), p('three')))
    a.edit((tr) => {
      tr.setNodeAttribute(0, 'kind', 'heading').setNodeAttribute(0, 'level', 2)
      return tr.insertText('!', 4)
    })
    expect(b.inbox).toHaveLength(1)
    a.run(a.binding.undo)
    expect(show(a.content)).toEqual(['p one', 'p two', 'p three'])
  })
})

describe('coming and going', () => {
  test('a view that is gone hears nothing, and a new one on the same document goes on', () => {
    const shared = new Y.Doc()
    Y.applyUpdate(shared, bytesOf(doc(p('one'))))
    const first = openView(shared, schema)
    first.view.destroy()
    first.binding.destroy()
    first.binding.destroy()
    const block = contentOf(shared).get(0) as Y.XmlElement
    ;(block.get(0) as Y.XmlText).insert(0, 'zero ')
    const second = openView(shared, schema)
    second.view.dispatch(second.view.state.tr.insertText('!', 1))
    expect(show(second.view.state.doc)).toEqual(['p !zero one'])
    expect((contentOf(shared).get(0) as Y.XmlElement).toJSON()).toContain('!zero one')
  })

  test('bold text grows at its end, for both', () => {
    const [a, b] = two(doc(p(bold('bold'), ' plain')))
    b.edit((tr) => tr.insert(5, schema.text('er', [schema.mark('bold')])))
    settle([a, b])
    expect(agreed([a, b])).toEqual(['p **bolder** plain'])
  })

  test('a view that gets other plugins keeps its undo, its carets and small changes', () => {
    const [a, b] = two(doc(p('one'), p('two')))
    type(a, 'mine ', 'one')
    const { plugins } = a.view.state
    a.view.updateState(a.view.state.reconfigure({ plugins: [...plugins, new Plugin({})] }))
    a.view.updateState(a.view.state.reconfigure({ plugins: [...plugins] }))
    const node = a.content.child(0)
    a.select(3)
    type(b, 'theirs ', 'two')
    settle([a, b])
    expect(a.content.child(0)).toBe(node)
    expect(a.view.state.selection.head).toBe(3)
    a.run(a.binding.undo)
    settle([a, b])
    expect(agreed([a, b])).toEqual(['p one', 'p theirs two'])
  })

  test('marks of one kind that may overlap, a comment in a comment, are both kept', () => {
    const commented = new Schema({
      nodes: schema.spec.nodes,
      marks: schema.spec.marks.addToEnd('comment', {
        attrs: { thread: {} },
        excludes: '',
        inclusive: false,
        toDOM: () => ['span', 0],
      }),
    })
    const comment = (thread: string) => commented.mark('comment', { thread })
    const [left, right] = [new Y.Doc(), new Y.Doc()]
    for (const shared of [left, right]) Y.applyUpdate(shared, bytesOf(doc(p('some words here'))))
    const a = openView(left, commented).view
    const b = openView(right, commented).view
    a.dispatch(a.state.tr.addMark(1, 11, comment('a')))
    b.dispatch(b.state.tr.addMark(6, 16, comment('b')))
    Y.applyUpdate(left, Y.encodeStateAsUpdate(right))
    Y.applyUpdate(right, Y.encodeStateAsUpdate(left))
    const threads = (view: EditorView) =>
      view.state.doc
        .child(0)
        .children.map((text) => [
          text.text,
          text.marks.map(({ attrs }) => String(attrs['thread'])).toSorted(),
        ])
    expect(threads(a)).toEqual([
      ['some ', ['a']],
      ['words', ['a', 'b']],
      [' here', ['b']],
    ])
    expect(threads(b)).toEqual(threads(a))
    // Typed at the end of one, words do not become part of it.
    b.dispatch(b.state.tr.insertText('!', 16))
    expect(threads(b).at(-1)).toEqual(['!', []])
  })
})

test('a cell is deleted after all that comes behind its row', () => {
  const [a, b] = two(doc(p('one'), grid(['a', 'b'], ['c', 'd']), p('two')))
  a.edit((tr) => tr.delete(placeOf(tr.doc, 'b') + 1, tr.doc.content.size))
  a.edit((tr) => tr.delete(placeOf(tr.doc, 'a') - 2, placeOf(tr.doc, 'b') - 2))
  settle([a, b])
  expect(agreed([a, b])).toEqual(['p one', '| b |'])
})
