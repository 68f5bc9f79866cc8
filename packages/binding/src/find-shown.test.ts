// @vitest-environment jsdom
import { schema } from '@quire/document'
import { createSeededRandom } from '@quire/testkit'
import { Node } from 'prosemirror-model'
import { EditorState, Plugin, TextSelection, type Transaction } from 'prosemirror-state'
import { Decoration, DecorationSet, EditorView } from 'prosemirror-view'
import { afterEach, expect, test, vi } from 'vitest'
import { indexed } from './block-list.ts'
import { startOfBlock } from './block-places.ts'
import { updateInPlacePlugin } from './update-in-place.ts'

const line = (text: string): Node =>
  schema.node('block', null, text === '' ? [] : [schema.text(text)])
const divider = (): Node => schema.node('divider')

const documentOf = (blockCount: number): Node =>
  schema.node(
    'doc',
    null,
    Array.from({ length: blockCount }, (_, i) =>
      i % 7 === 3 ? divider() : line('x'.repeat(i % 4)),
    ),
  )

/** A widget in front of a block, put and taken by a meta. */
function widgets(): Plugin<DecorationSet> {
  const plugin: Plugin<DecorationSet> = new Plugin<DecorationSet>({
    state: {
      init: () => DecorationSet.empty,
      apply(tr, set) {
        const at = tr.getMeta('widget') as number | null | undefined
        if (at === undefined) return set.map(tr.mapping, tr.doc)
        if (at === null) return DecorationSet.empty
        const widget = Decoration.widget(at, () => document.createElement('hr'))
        return DecorationSet.create(tr.doc, [widget])
      },
    },
    props: { decorations: (state) => plugin.getState(state) },
  })
  return plugin
}

/** A view, and beside it one that ProseMirror looks through by itself. */
function open(blockCount: number) {
  const doc = documentOf(blockCount)
  const place = (): HTMLElement => document.body.appendChild(document.createElement('div'))
  const plugins = [widgets()]
  const plain = new EditorView(place(), { state: EditorState.create({ doc, plugins }) })
  const state = EditorState.create({
    doc: indexed(doc),
    plugins: [...plugins, updateInPlacePlugin()],
  })
  const view = new EditorView(place(), {
    state,
    dispatchTransaction(tr) {
      view.updateState(view.state.apply(tr))
      plain.updateState(plain.state.apply(tr))
    },
  })
  return {
    view,
    plain,
    close: () => [view, plain].forEach((each) => each.destroy()),
  }
}

/** Where a DOM node is, by which child of what it is, from the editable element on. */
function pathTo(view: EditorView, node: globalThis.Node | null): string {
  const path: number[] = []
  let at = node
  for (; at && at !== view.dom; at = at.parentNode) {
    path.unshift([...(at.parentNode?.childNodes ?? [])].indexOf(at as ChildNode))
  }
  return at ? path.join() : 'outside'
}

function answers(view: EditorView, pos: number): unknown {
  const at = [-1, 0, 1].map((side) => {
    const { node, offset } = view.domAtPos(pos, side)
    return [pathTo(view, node), offset, view.posAtDOM(node, offset)]
  })
  return [at, pathTo(view, view.nodeDOM(pos))]
}

/** Where the caret is put. */
function caretOf(view: EditorView): unknown {
  view.focus()
  const { anchorNode, anchorOffset, focusNode, focusOffset } = document.getSelection() as Selection
  return [pathTo(view, anchorNode), anchorOffset, pathTo(view, focusNode), focusOffset]
}

afterEach(() => vi.restoreAllMocks())

test('a caret is put, and a place found, without asking the blocks in front how long they are', () => {
  const { view, close } = open(1_000)
  const at = startOfBlock(view.state.doc, 902) + 1
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, at)))
  view.domAtPos(at)
  const asked = vi.spyOn(Node.prototype, 'nodeSize', 'get')
  const { node, offset } = view.domAtPos(at, 0)
  expect(view.posAtDOM(node, offset)).toBe(at)
  expect(view.nodeDOM(at - 1)).toBe(view.dom.children[902])
  caretOf(view)
  // Less than a stride each time, instead of all blocks.
  expect(asked.mock.calls.length).toBeLessThan(800)
  close()
})

test('whatever is done, places and carets are where ProseMirror has them', () => {
  for (let seed = 1; seed <= 2; seed++) {
    const random = createSeededRandom(seed)
    const { view, plain, close } = open(20)
    for (let round = 0; round < 30; round++) {
      const { doc, tr } = view.state
      const index = random.below(doc.childCount)
      const block = doc.child(index)
      const start = startOfBlock(doc, index)
      const inside = start + (block.isTextblock ? 1 + random.below(block.content.size + 1) : 0)
      const edits: readonly (() => Transaction)[] = [
        () => tr.insertText('ab', block.isTextblock ? inside : 1),
        () => (block.isTextblock ? tr.insertText('c', inside).insertText('d', 1) : tr),
        () => (block.isTextblock ? tr.split(inside) : tr),
        () => (doc.childCount > 3 ? tr.delete(start, start + block.nodeSize) : tr),
        () => tr.insert(start, random.chance(0.5) ? divider() : line('new')),
        () => tr.setMeta('widget', start),
        () => tr.setMeta('widget', null),
        () =>
          tr.setSelection(
            TextSelection.between(doc.resolve(inside), doc.resolve(random.below(doc.content.size))),
          ),
      ]
      view.dispatch(random.pick(edits)())
      const where = `seed ${seed}, round ${round}`
      expect(caretOf(view), where).toEqual(caretOf(plain))
      for (let i = 0; i < 6; i++) {
        const pos = random.below(view.state.doc.content.size + 1)
        expect(answers(view, pos), `${where}, position ${pos}`).toEqual(answers(plain, pos))
      }
    }
    close()
  }
})
