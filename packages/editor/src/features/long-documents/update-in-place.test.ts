// @vitest-environment jsdom
import { schema } from '@quire/document'
import { createSeededRandom } from '@quire/testkit'
import { EditorState, Plugin, type Transaction } from 'prosemirror-state'
import { Decoration, DecorationSet, EditorView } from 'prosemirror-view'
import { expect, test, vi } from 'vitest'
import { updateInPlace } from './update-in-place.ts'

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

function open(blockCount: number) {
  const view = new EditorView(document.body.appendChild(document.createElement('div')), {
    state: EditorState.create({
      doc: documentOf(blockCount),
      plugins: [
        highlight(),
        new Plugin({
          view: (shown) => {
            updateInPlace(shown)
            return { update: updateInPlace }
          },
        }),
      ],
    }),
  })
  /** What a view that has just been made shows. */
  const drawnAnew = (): string => {
    const fresh = new EditorView(null, { state: view.state })
    const { innerHTML } = fresh.dom
    fresh.destroy()
    return innerHTML
  }
  const startOf = (index: number): number => {
    let pos = 0
    for (let i = 0; i < index; i++) pos += view.state.doc.child(i).nodeSize
    return pos
  }
  return { view, drawnAnew, startOf }
}

test('letters in a few of many blocks are shown without looking at the others', () => {
  const ofView = ({ view }: ReturnType<typeof open>): object =>
    (view as unknown as { docView: object }).docView
  const looks = vi.spyOn(Object.getPrototypeOf(ofView(open(1))), 'updateChildren' as never)
  const opened = open(300)
  const { view, startOf } = opened
  const looksAtAll = (): number =>
    looks.mock.contexts.filter((shown) => shown === ofView(opened)).length
  const before = looksAtAll()
  view.dispatch(view.state.tr.insertText('x', startOf(150) + 1))
  expect(view.dom.children[150]?.textContent).toBe('xblock 150')
  expect(looksAtAll()).toBe(before)
  const here = startOf(160) + 1
  view.dispatch(view.state.tr.insertText('y', here).insertText('z', startOf(20) + 1))
  expect(view.dom.children[160]?.textContent).toBe('yblock 160')
  expect(view.dom.children[20]?.textContent).toBe('zblock 20')
  expect(looksAtAll()).toBe(before)
  // A block more is a change of the list.
  view.dispatch(view.state.tr.split(startOf(150) + 3))
  expect(view.dom.children.length).toBe(301)
  expect(looksAtAll()).toBe(before + 1)
  looks.mockRestore()
  view.destroy()
})

test('whatever is done, the screen shows what a new view shows', () => {
  for (let seed = 1; seed <= 6; seed++) {
    const random = createSeededRandom(seed)
    const below = (n: number): number => Math.floor(random.unit() * n)
    const { view, drawnAnew, startOf } = open(12)
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
        () => tr.insertText('x', start + 1).insertText('y', 1),
        () =>
          index > 0
            ? tr.delete(start, start + block.nodeSize).insert(startOf(index - 1), block)
            : tr,
      ]
      view.dispatch(edits[below(edits.length)]?.() ?? tr)
      expect(view.dom.innerHTML, `seed ${seed}, round ${round}`).toBe(drawnAnew())
    }
    view.destroy()
  }
})

test('a block that the browser changed by itself is drawn as the document has it', () => {
  const { view, drawnAnew, startOf } = open(300)
  const { docView } = view as unknown as {
    docView: { markDirty(from: number, to: number): void }
  }
  const text = view.dom.children[7]?.firstChild as Text
  text.nodeValue = 'not so'
  docView.markDirty(startOf(7) + 1, startOf(7) + 2)
  view.dispatch(view.state.tr.insertText('z', startOf(7) + 1))
  expect(view.dom.innerHTML).toBe(drawnAnew())
  view.destroy()
})
