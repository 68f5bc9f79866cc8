// @vitest-environment jsdom
/** What a colleague's edit may not touch: decorations, drags, selections, carets, where one has scrolled to. */
import { schema } from '@quire/document'
import { cell, doc, h, image, p, row, table } from '@quire/testkit'
import { AllSelection, NodeSelection, Plugin, PluginKey, TextSelection } from 'prosemirror-state'
import {
  addRowAfter,
  CellSelection,
  columnResizing,
  columnResizingPluginKey,
} from 'prosemirror-tables'
import { Decoration, DecorationSet } from 'prosemirror-view'
import { afterEach, describe, expect, test } from 'vitest'
import { tableCommand } from '../src/index.ts'
import { agreed, type Peer, placeOf, settle } from './peers.ts'
import { closePeers, grid, two, type } from './two-peers.ts'

afterEach(closePeers)

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
    settle([a, b])
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
    settle([a, b])
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
    settle([a, b])
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
    settle([a, b])
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
    settle([a, b])
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
    settle([a, b])
    expect((a.view.state.selection as NodeSelection).node.type.name).toBe('image')
    b.edit((tr) => tr.delete(5 + 'remote '.length, 6 + 'remote '.length))
    settle([a, b])
    expect(a.view.state.selection).toBeInstanceOf(TextSelection)
    expect(agreed([a, b])).toEqual(['p remote one', 'p two'])
  })

  test('everything selected stays everything', () => {
    const [a, b] = two(doc(p('one'), p('two')))
    a.edit((tr) => tr.setSelection(new AllSelection(tr.doc)))
    type(b, 'more ', 'two')
    settle([a, b])
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
    settle([a, b])
    expect(rest()).toBe('rd here')
    b.edit((tr) => tr.insert(0, schema.node('block', null, [schema.text('above')])))
    settle([a, b])
    expect(rest()).toBe('rd here')
    b.edit((tr) => tr.split(placeOf(tr.doc, 'here')))
    settle([a, b])
    expect(rest()).toBe('rd ')
    b.edit((tr) => tr.delete(0, tr.doc.firstChild?.nodeSize ?? 0))
    settle([a, b])
    expect(rest()).toBe('rd ')
    b.edit((tr) => tr.setNodeAttribute(placeOf(tr.doc, 'XXone') - 1, 'kind', 'heading'))
    settle([a, b])
    expect(rest()).toBe('rd ')
    agreed([a, b])
  })

  test('text that somebody types exactly at a caret does not push it', () => {
    const [a, b] = two(doc(p('ab')))
    a.select(2)
    b.select(2)
    type(b, 'XY', 2)
    settle([a, b])
    expect(a.view.state.selection.head).toBe(2)
    // And the one who typed goes on behind what was typed.
    expect(b.view.state.selection.head).toBe(4)
    type(a, '1', 2)
    settle([a, b])
    expect(agreed([a, b])).toEqual(['p a1XYb'])
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
    }
  })

  test('a selection does not grow at its end, and a caret in a deleted block finds the next text', () => {
    const [a, b] = two(doc(p('one'), p('two'), p('three')))
    a.select(placeOf(a.content, 'two'), placeOf(a.content, 'two') + 3)
    type(b, 'X', placeOf(b.content, 'two') + 3)
    settle([a, b])
    const { from, to } = a.view.state.selection
    expect(a.content.textBetween(from, to)).toBe('two')
    b.edit((tr) => tr.delete(5, 5 + tr.doc.child(1).nodeSize))
    settle([a, b])
    expect(a.view.state.selection.$head.parent.isTextblock).toBe(true)
    expect(agreed([a, b])).toEqual(['p one', 'p three'])
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
    settle([a, b])
    expect(scrolled).toBe(0)
  })
})
