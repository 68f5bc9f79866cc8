// @vitest-environment jsdom
/**
 * The ways in which a view and a shared document are known to hurt each other, one test each: what a
 * remote change may not move, and what opening, receiving and mending may not write. Beside it:
 * `older-client.test.ts`, `undo.test.ts`, `carets.test.ts` and, for two edits that meet,
 * `conflicts.test.ts`.
 *
 * Length: one list, so that a reader can see that nothing is missing.
 */
import { contentOf, metaOf, schema, seedUpdate } from '@quire/document'
import {
  bold,
  br,
  cell,
  doc,
  type Draft,
  type NamedDoc,
  h,
  image,
  p,
  row,
  show,
  table,
} from '@quire/testkit'
import { AllSelection, NodeSelection, Plugin, PluginKey, TextSelection } from 'prosemirror-state'
import {
  addColumnAfter,
  addRowAfter,
  CellSelection,
  columnResizing,
  columnResizingPluginKey,
} from 'prosemirror-tables'
import { Decoration, DecorationSet } from 'prosemirror-view'
import { afterEach, describe, expect, test } from 'vitest'
import * as Y from 'yjs'
import { tableCommand } from '../src/index.ts'
import { closeAll, openView } from './open-view.ts'
import {
  agreed,
  bytesOf,
  makePeers,
  type Peer,
  type PeerOptions,
  placeOf,
  settle,
} from './peers.ts'

let peers: readonly Peer[] = []
afterEach(() => {
  for (const peer of peers) peer.close()
  closeAll()
  peers = []
})

function two(content: NamedDoc | Uint8Array, options?: PeerOptions): [Peer, Peer] {
  peers = makePeers(2, content, options)
  return peers as [Peer, Peer]
}

const type = (peer: Peer, text: string, before: string | number): void =>
  peer.edit((tr) =>
    tr.insertText(text, typeof before === 'number' ? before : placeOf(tr.doc, before)),
  )

const grid = (...rows: string[][]): Draft =>
  table(...rows.map((cells) => row(...cells.map((text) => cell(text)))))

describe('what a remote change does not touch stays', () => {
  test('50 decorations survive a remote letter, each at its word', () => {
    const key = new PluginKey<DecorationSet>('decorations')
    const plugin = new Plugin<DecorationSet>({
      key,
      state: {
        init(_, { doc: node }) {
          const marks: Decoration[] = []
          node.descendants((child, pos) => {
            if (child.isText) marks.push(Decoration.inline(pos, pos + 4, { class: 'x' }))
          })
          return DecorationSet.create(node, marks)
        },
        apply: (tr, set) => set.map(tr.mapping, tr.doc),
      },
      props: { decorations: (state) => key.getState(state) },
    })
    const [a, b] = two(doc(...Array.from({ length: 50 }, (_, i) => p(`word ${i}`))), {
      plugins: [plugin],
    })
    type(b, 'remote ', ' 7')
    b.edit((tr) => tr.setNodeAttribute(0, 'kind', 'quote'))
    b.edit((tr) => tr.insert(0, schema.node('divider')))
    settle(peers)
    const words = key
      .getState(a.view.state)
      ?.find()
      .map(({ from, to }) => a.content.textBetween(from, to))
    expect(words).toEqual(Array.from({ length: 50 }, () => 'word'))
  })

  test('blocks that a remote change does not touch keep their nodes and their elements', () => {
    const [a, b] = two(doc(h(1, 'Title'), p('one'), grid(['a', 'b']), p('two')))
    const nodes = a.content.children
    const elements = [...a.view.dom.children]
    type(b, '!', 'one')
    settle(peers)
    expect(a.content.children.map((node, i) => node === nodes[i])).toEqual([
      true,
      false,
      true,
      true,
    ])
    expect([...a.view.dom.children].map((element, i) => element === elements[i])).toEqual([
      true,
      true,
      true,
      true,
    ])
  })

  test('the text node that somebody composes in survives a remote change elsewhere', () => {
    const [a, b] = two(doc(p('composing here'), p('elsewhere')))
    const textNode = a.view.domAtPos(3).node
    type(b, 'remote ', 'elsewhere')
    b.edit((tr) => tr.insert(0, schema.node('block', null, [schema.text('above')])))
    settle(peers)
    expect(a.view.domAtPos(placeOf(a.content, 'composing') + 2).node).toBe(textNode)
  })

  test('a column that is being dragged stays in the hand', () => {
    const [a, b] = two(doc(p('intro'), grid(['a', 'b'])), { plugins: [columnResizing()] })
    const pos = placeOf(a.content, 'a') - 2
    a.edit((tr) => tr.setMeta(columnResizingPluginKey, { setHandle: pos }))
    a.edit((tr) =>
      tr.setMeta(columnResizingPluginKey, { setDragging: { startX: 10, startWidth: 100 } }),
    )
    type(b, 'remote ', 'intro')
    settle(peers)
    const state = columnResizingPluginKey.getState(a.view.state)
    expect(state?.dragging).toEqual({ startX: 10, startWidth: 100 })
    expect(a.content.nodeAt(state?.activeHandle ?? -1)?.textContent).toBe('a')
  })
})

describe('selections', () => {
  test('selected cells stay selected while somebody types above, in them, and adds a row', () => {
    const [a, b] = two(doc(p('intro'), grid(['a1', 'b1'], ['a2', 'b2'])))
    a.selectCells(placeOf(a.content, 'a1') - 2, placeOf(a.content, 'b2') - 2)
    type(b, 'remote ', 'intro')
    type(b, 'x', 'b1')
    b.select(placeOf(b.content, 'b2'))
    b.run(tableCommand(addRowAfter))
    settle(peers)
    const { selection } = a.view.state
    expect(selection).toBeInstanceOf(CellSelection)
    const selected = selection.ranges.map(({ $from, $to }) =>
      a.content.textBetween($from.pos, $to.pos),
    )
    expect(selected.sort()).toEqual(['a1', 'a2', 'b2', 'xb1'])
  })

  test('a selected image stays selected, and its deletion by somebody else leaves a caret', () => {
    const [a, b] = two(doc(p('one'), image('/a.png'), p('two')))
    a.selectNode(5)
    type(b, 'remote ', 'one')
    settle(peers)
    expect((a.view.state.selection as NodeSelection).node.type.name).toBe('image')
    b.edit((tr) => tr.delete(5 + 'remote '.length, 6 + 'remote '.length))
    settle(peers)
    expect(a.view.state.selection).toBeInstanceOf(TextSelection)
    expect(agreed(peers)).toEqual(['p remote one', 'p two'])
  })

  test('everything selected stays everything', () => {
    const [a, b] = two(doc(p('one'), p('two')))
    a.edit((tr) => tr.setSelection(new AllSelection(tr.doc)))
    type(b, 'more ', 'two')
    settle(peers)
    expect(a.view.state.selection).toBeInstanceOf(AllSelection)
    expect(a.view.state.selection.to).toBe(a.content.content.size)
  })

  test('a caret stays with its word when somebody types before it, splits, joins or moves blocks', () => {
    const [a, b] = two(doc(p('zero'), p('one word here'), p('last')))
    a.select(placeOf(a.content, 'word') + 2)
    const rest = () => {
      const { $head } = a.view.state.selection
      return $head.parent.textBetween($head.parentOffset, $head.parent.content.size)
    }
    type(b, 'XX', 'one')
    settle(peers)
    expect(rest()).toBe('rd here')
    b.edit((tr) => tr.insert(0, schema.node('block', null, [schema.text('above')])))
    settle(peers)
    expect(rest()).toBe('rd here')
    b.edit((tr) => tr.split(placeOf(tr.doc, 'here')))
    settle(peers)
    expect(rest()).toBe('rd ')
    b.edit((tr) => tr.delete(0, tr.doc.firstChild?.nodeSize ?? 0))
    settle(peers)
    expect(rest()).toBe('rd ')
    b.edit((tr) => tr.setNodeAttribute(placeOf(tr.doc, 'XXone') - 1, 'kind', 'heading'))
    settle(peers)
    expect(rest()).toBe('rd ')
    agreed(peers)
  })

  test('text that somebody types exactly at a caret does not push it', () => {
    const [a, b] = two(doc(p('ab')))
    a.select(2)
    b.select(2)
    type(b, 'XY', 2)
    settle(peers)
    expect(a.view.state.selection.head).toBe(2)
    // And the one who typed goes on behind what was typed.
    expect(b.view.state.selection.head).toBe(4)
    type(a, '1', 2)
    settle(peers)
    expect(agreed(peers)).toEqual(['p a1XYb'])
  })

  test.each([
    ['an empty block', doc(p('<a>'))],
    ['the end of a block', doc(p('so <a>'))],
    ['the middle of a block', doc(p('so <a> it is'))],
    ['an empty cell', doc(table(row(cell('<a>'))))],
  ])('two people who type at once in %s, letter by letter, get two words', (_, start) => {
    const { at } = start
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      const pair = two(start)
      const ordered = order.map((index) => pair[index] as Peer)
      for (const peer of pair) peer.select(at['a'] as number)
      for (const letters of ['ax', 'by', 'cz']) {
        pair.forEach((peer, i) => peer.edit((tr) => tr.insertText(letters.charAt(i))))
        for (const peer of ordered) while (peer.inbox.length > 0) peer.deliver()
        settle(pair)
      }
      expect(agreed(pair).join()).toMatch(/abcxyz|xyzabc/)
      for (const peer of pair) peer.close()
    }
    peers = []
  })

  test('a selection does not grow at its end, and a caret in a deleted block finds the next text', () => {
    const [a, b] = two(doc(p('one'), p('two'), p('three')))
    a.select(placeOf(a.content, 'two'), placeOf(a.content, 'two') + 3)
    type(b, 'X', placeOf(b.content, 'two') + 3)
    settle(peers)
    const { from, to } = a.view.state.selection
    expect(a.content.textBetween(from, to)).toBe('two')
    b.edit((tr) => tr.delete(5, 5 + tr.doc.child(1).nodeSize))
    settle(peers)
    expect(a.view.state.selection.$head.parent.isTextblock).toBe(true)
    expect(agreed(peers)).toEqual(['p one', 'p three'])
  })

  test('remote changes never scroll', () => {
    let scrolled = 0
    const plugin = new Plugin({
      props: {
        handleScrollToSelection: () => {
          scrolled += 1
          return true
        },
      },
    })
    const [a, b] = two(doc(p('one'), p('two')), { plugins: [plugin] })
    a.view.focus()
    a.select(2)
    scrolled = 0
    type(b, 'remote ', 'one')
    b.edit((tr) => tr.delete(0, 5))
    settle(peers)
    expect(scrolled).toBe(0)
  })
})

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
    settle(peers)
    expect(agreed(peers)).toHaveLength(1)
    expect(metaOf(a.doc).toJSON()).toEqual({ format: 1 })
  })

  test('a first edit that deletes everything is written', () => {
    const [a, b] = two(doc(p('keep me'), p('other')))
    a.edit((tr) => tr.delete(0, tr.doc.content.size))
    settle(peers)
    expect(show(b.content)).toEqual(['p'])
    expect(agreed(peers)).toEqual(['p'])
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
    settle(peers)
    expect(b.answers + a.answers).toBe(0)
    expect(agreed(peers)).toEqual(['p one', 'p'])
  })

  test('marks on a break in a line do not make copies differ', () => {
    const [a, b] = two(doc(p('see ', br, ' end')))
    a.edit((tr) => tr.addMark(1, 10, schema.mark('bold')))
    settle(peers)
    expect(agreed(peers)).toEqual(['p **see **⏎** end**'])
    type(b, 'X', 'end')
    b.edit((tr) =>
      tr.replaceWith(1, 2, [schema.node('hard_break', null, [], [schema.mark('italic')])]),
    )
    settle(peers)
    agreed(peers)
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

describe('tables under two hands', () => {
  const sizes = (peer: Peer) => {
    const node = peer.content.children.find((child) => child.type.name === 'table')
    return node?.children.map((tableRow) => tableRow.childCount)
  }

  test('a table to which a row and a column were added at once stays as it is while both type, and the next command mends it', () => {
    const [a, b] = two(doc(grid(['a1', 'b1', 'c1'], ['a2', 'b2', 'c2']), p('after')))
    a.select(placeOf(a.content, 'a1'))
    a.run(tableCommand(addRowAfter))
    b.select(placeOf(b.content, 'a1'))
    b.run(tableCommand(addColumnAfter))
    settle(peers)
    const ragged = sizes(a)
    expect(ragged).toEqual([4, 3, 4])
    for (let i = 0; i < 5; i++) {
      type(a, 'A', 'a1')
      type(b, 'B', 'after')
      settle(peers)
    }
    expect(sizes(a)).toEqual(ragged)
    agreed(peers)
    b.select(placeOf(b.content, 'b2'))
    b.run(tableCommand(addRowAfter))
    settle(peers)
    expect(sizes(a)).toEqual([4, 4, 4, 4])
    agreed(peers)
  })

  test('both mend the same ragged table at once, and it ends in one shape that stays', () => {
    const [a, b] = two(doc(grid(['a1', 'b1'], ['a2', 'b2']), p('after')))
    a.select(placeOf(a.content, 'a1'))
    a.run(tableCommand(addRowAfter))
    b.select(placeOf(b.content, 'a1'))
    b.run(tableCommand(addColumnAfter))
    settle(peers)
    for (const peer of peers) {
      peer.select(placeOf(peer.content, 'a2'))
      peer.run(tableCommand(addRowAfter))
    }
    settle(peers)
    const after = agreed(peers)
    type(a, 'A', 'after')
    type(b, 'B', 'after')
    settle(peers)
    expect(agreed(peers).slice(0, -1)).toEqual(after.slice(0, -1))
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
    settle(peers)
    expect(agreed([a, b])).toEqual(['p **bolder** plain'])
  })
})
