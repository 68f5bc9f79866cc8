// @vitest-environment jsdom
import { schema } from '@quire/document'
import { createSeededRandom } from '@quire/testkit'
import { EditorState, Plugin, TextSelection, type Transaction } from 'prosemirror-state'
import { Decoration, DecorationSet, EditorView } from 'prosemirror-view'
import { afterEach, expect, test, vi } from 'vitest'
import { drawnEvent, updateInPlacePlugin } from './update-in-place.ts'

afterEach(() => vi.restoreAllMocks())

const line = (text: string, kind = 'paragraph') =>
  schema.node('block', { kind }, text === '' ? [] : [schema.text(text)])

function documentOf(blockCount: number) {
  return schema.node(
    'doc',
    null,
    Array.from({ length: blockCount }, (_, i) => line(`block ${i}`)),
  )
}

/** A decoration on one block, put and taken by a meta. */
function highlight(): Plugin<DecorationSet> {
  const plugin: Plugin<DecorationSet> = new Plugin<DecorationSet>({
    state: {
      init: () => DecorationSet.empty,
      apply(tr, set) {
        const at = tr.getMeta('highlight') as number | null | undefined
        if (at === undefined) return set.map(tr.mapping, tr.doc)
        if (at === null) return DecorationSet.empty
        const end = at + (tr.doc.nodeAt(at)?.nodeSize ?? 0)
        return DecorationSet.create(tr.doc, [Decoration.node(at, end, { class: 'lit' })])
      },
    },
    props: { decorations: (state) => plugin.getState(state) },
  })
  return plugin
}

/** Decorations inside of blocks, made by a meta for these blocks, and mapped from then on. */
function comments(name: string): Plugin<DecorationSet> {
  const plugin: Plugin<DecorationSet> = new Plugin<DecorationSet>({
    state: {
      init: () => DecorationSet.empty,
      apply(tr, set) {
        const chosen = tr.getMeta(name) as ((index: number) => boolean) | undefined
        if (!chosen) return set.map(tr.mapping, tr.doc)
        const found: Decoration[] = []
        tr.doc.forEach((block, pos, index) => {
          const end = pos + Math.min(5, block.nodeSize - 1)
          if (chosen(index)) found.push(Decoration.inline(pos + 1, end, { class: name }))
        })
        return DecorationSet.create(tr.doc, found)
      },
    },
    props: { decorations: (state) => plugin.getState(state) },
  })
  return plugin
}

const place = (): HTMLElement => document.body.appendChild(document.createElement('div'))

/** A view, and beside it one that shows the same in ProseMirror's way. */
function open(blockCount: number) {
  const doc = documentOf(blockCount)
  const plugins = [highlight(), comments('red'), comments('blue')]
  const plain = new EditorView(place(), { state: EditorState.create({ doc, plugins }) })
  const view = new EditorView(place(), {
    state: EditorState.create({ doc, plugins: [...plugins, updateInPlacePlugin()] }),
    dispatchTransaction(tr) {
      view.updateState(view.state.apply(tr))
      plain.updateState(plain.state.apply(tr))
    },
  })
  const difference = (): string | undefined =>
    [...plain.dom.children].find((block, i) => !block.isEqualNode(view.dom.children[i] ?? null))
      ?.outerHTML
  const startOf = (index: number): number => {
    let pos = 0
    for (let i = 0; i < index; i++) pos += view.state.doc.child(i).nodeSize
    return pos
  }
  return { view, difference, startOf }
}

/** How often the list of all blocks has been looked at in a view opened from here on. */
function countLooks(): (view: EditorView) => number {
  const docViewOf = (view: EditorView): object => (view as unknown as { docView: object }).docView
  const looks = vi.spyOn(Object.getPrototypeOf(docViewOf(open(1).view)), 'updateChildren' as never)
  return (view) => looks.mock.contexts.filter((shown) => shown === docViewOf(view)).length
}

test('letters in a few of many blocks are shown without looking at the others', () => {
  const looks = countLooks()
  const { view, startOf } = open(300)
  const before = looks(view)
  view.dispatch(view.state.tr.insertText('x', startOf(150) + 1))
  expect(view.dom.children[150]?.textContent).toBe('xblock 150')
  expect(looks(view)).toBe(before)
  const here = startOf(160) + 1
  view.dispatch(view.state.tr.insertText('y', here).insertText('z', startOf(20) + 1))
  expect(view.dom.children[160]?.textContent).toBe('yblock 160')
  expect(view.dom.children[20]?.textContent).toBe('zblock 20')
  expect(looks(view)).toBe(before)
  // A block more is a change of the list.
  view.dispatch(view.state.tr.split(startOf(150) + 3))
  expect(view.dom.children.length).toBe(301)
  expect(looks(view)).toBe(before + 1)
  view.destroy()
})

test('under comments, too, and the changed blocks keep theirs', () => {
  const looks = countLooks()
  const { view, difference, startOf } = open(60)
  view.dispatch(view.state.tr.setMeta('red', (i: number) => i % 3 === 0))
  view.dispatch(view.state.tr.setMeta('blue', (i: number) => i % 2 === 0))
  const before = looks(view)
  for (const index of [30, 31, 32, 0, 59, 6]) {
    view.dispatch(view.state.tr.insertText('x', startOf(index) + 3))
  }
  view.dispatch(view.state.tr.insertText('y', startOf(40) + 3).insertText('z', startOf(9) + 2))
  expect(looks(view)).toBe(before)
  expect(difference()).toBeUndefined()
  expect(view.dom.querySelectorAll('.red')).toHaveLength(20)
  // A comment on another block than the one that changed is a change of that one.
  const { tr } = view.state
  view.dispatch(tr.insertText('x', 3).setMeta('red', (i: number) => i % 3 === 1))
  expect(difference()).toBeUndefined()
  view.destroy()
})

test('whatever is done, the screen shows what it shows in ProseMirror’s way', () => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = createSeededRandom(seed)
    const below = (n: number): number => Math.floor(random.unit() * n)
    const { view, difference, startOf } = open(12)
    for (let round = 0; round < 50; round++) {
      const { doc, tr } = view.state
      const index = below(doc.childCount)
      const block = doc.child(index)
      const start = startOf(index)
      const inside = start + 1 + below(block.content.size + 1)
      const kinds = ['paragraph', 'heading', 'bullet', 'task', 'quote']
      const edits: readonly (() => Transaction)[] = [
        () => tr.insertText('ab'.slice(below(2)), inside),
        () => tr.insertText('c', inside),
        () => tr.setNodeAttribute(start, 'kind', kinds[below(kinds.length)]),
        () => tr.addMark(start + 1, inside, schema.mark('bold')),
        () => tr.delete(start + 1, inside),
        () => tr.split(inside),
        () => (doc.childCount > 2 ? tr.delete(start, start + block.nodeSize) : tr),
        () => tr.insert(start, line('new')),
        () => tr.setMeta('highlight', start),
        () => tr.setMeta('highlight', null),
        () => tr.setMeta('red', (i: number) => (i + round) % 3 === 0),
        () => tr.setMeta('blue', (i: number) => i === index),
        () => tr.insertText('w', inside).setMeta('blue', (i: number) => i === index),
        () => tr.setMeta('red', () => false),
        () => tr.insertText('x', start + 1).insertText('y', 1),
        () =>
          index > 0
            ? tr.delete(start, start + block.nodeSize).insert(startOf(index - 1), block)
            : tr,
      ]
      view.dispatch(edits[below(edits.length)]?.() ?? tr)
      expect(difference(), `seed ${seed}, round ${round}`).toBeUndefined()
      expect(view.dom.children.length).toBe(view.state.doc.childCount)
    }
    view.destroy()
  }
})

test('a block that the browser changed by itself is drawn as the document has it', () => {
  const { view, difference, startOf } = open(300)
  const { docView } = view as unknown as {
    docView: { markDirty(from: number, to: number): void }
  }
  const text = view.dom.children[7]?.firstChild as Text
  text.nodeValue = 'not so'
  docView.markDirty(startOf(7) + 1, startOf(7) + 2)
  view.dispatch(view.state.tr.insertText('z', startOf(7) + 1))
  expect(difference()).toBeUndefined()
  view.destroy()
})

test('new blocks are told of before the selection is put into them', () => {
  const { view } = open(5)
  const told: number[] = []
  const put = vi.spyOn(document.getSelection() as Selection, 'collapse')
  view.dom.addEventListener(drawnEvent, () => {
    told.push(view.dom.children.length)
    expect(put).not.toHaveBeenCalled()
  })
  view.focus()
  put.mockClear()
  view.dispatch(view.state.tr.insertText('x', 1))
  expect(told).toEqual([])
  put.mockClear()
  const tr = view.state.tr.split(3)
  view.dispatch(tr.setSelection(TextSelection.create(tr.doc, 5)))
  expect(told).toEqual([6])
  expect(put).toHaveBeenCalled()
  view.destroy()
})
