/**
 * Random edits as plain data: what a person might do next in a given document, drawn from a seed. A
 * drawn edit can be printed, compared and replayed; performing it is the caller's, because that needs
 * a view, commands and a table library that this package does not know.
 *
 * 1. The same random state and an equal document draw the same edit.
 * 2. Positions are of the document that was given. `drawEdit` promises only that they lie in it:
 *    an edit that does not apply there (a join of the first block, say) is the performer's to skip.
 * 3. Undo and redo are drawn blindly; whether there is something to undo is not in the document.
 */
import { type BlockAttributes, type BlockKind, indentMax, schema } from '@quire/document'
import type { Attrs, Node } from 'prosemirror-model'
import type { SeededRandom } from './seeded-random.ts'

/** Those of the first release, so that a seed goes on meaning what it meant; `newer-edits.ts` has the others. */
const kinds: readonly BlockKind[] = [
  'paragraph',
  'heading',
  'bullet',
  'number',
  'task',
  'quote',
  'callout',
]

export type TableEdit =
  | 'addRowBefore'
  | 'addRowAfter'
  | 'addColumnBefore'
  | 'addColumnAfter'
  | 'deleteRow'
  | 'deleteColumn'
  | 'deleteTable'
  | 'splitCell'
  | 'toggleHeaderRow'

export type RandomEdit =
  | { readonly kind: 'type'; readonly at: number; readonly text: string }
  | { readonly kind: 'delete'; readonly from: number; readonly to: number }
  | { readonly kind: 'delete-all' }
  | {
      readonly kind: 'mark'
      readonly from: number
      readonly to: number
      readonly mark: string
      readonly attrs: Attrs | null
      readonly isOn: boolean
    }
  /** Writes attributes on every block between two positions. */
  | {
      readonly kind: 'blocks'
      readonly from: number
      readonly to: number
      readonly attrs: Partial<BlockAttributes>
    }
  /** The block around the position becomes code, or the code a block. */
  | { readonly kind: 'code'; readonly at: number }
  | { readonly kind: 'split'; readonly at: number }
  /** Joins the block around the position with the one before it. */
  | { readonly kind: 'join'; readonly at: number }
  /** Drags top-level nodes, one unless `count` says more, the first named by its index, to a gap between top-level nodes. */
  | {
      readonly kind: 'move'
      readonly index: number
      readonly gap: number
      readonly count?: number
    }
  /** Puts a node, as JSON, into a gap between top-level nodes. */
  | { readonly kind: 'insert'; readonly gap: number; readonly node: unknown }
  | { readonly kind: 'break'; readonly at: number }
  /** Puts a node, as JSON, into a line. `drawEdit` draws none; see `newer-edits.ts`. */
  | { readonly kind: 'atom'; readonly at: number; readonly node: unknown }
  | { readonly kind: 'image-width'; readonly width: number }
  | { readonly kind: 'table'; readonly at: number; readonly edit: TableEdit }
  /** Merges the cells between two positions that lie in one table. */
  | { readonly kind: 'merge-cells'; readonly anchor: number; readonly head: number }
  /** Pastes what lies between `sliceFrom` and `sliceTo` over the range. */
  | {
      readonly kind: 'paste'
      readonly from: number
      readonly to: number
      readonly sliceFrom: number
      readonly sliceTo: number
    }
  | { readonly kind: 'select'; readonly anchor: number; readonly head: number }
  | { readonly kind: 'select-node'; readonly index: number }
  | { readonly kind: 'select-cells'; readonly anchor: number; readonly head: number }
  | { readonly kind: 'undo' }
  | { readonly kind: 'redo' }

type Draw = (random: SeededRandom, doc: Node) => RandomEdit

/** How often each edit is drawn, in parts of the sum. Typing leads, as it does for people. */
const draws: readonly (readonly [parts: number, draw: Draw])[] = [
  [22, (random, doc) => ({ kind: 'type', at: place(random, doc), text: word(random) })],
  [8, (random, doc) => ({ kind: 'delete', ...range(random, doc, 12) })],
  [2, (random, doc) => ({ kind: 'delete', ...range(random, doc, doc.content.size) })],
  [1, () => ({ kind: 'delete-all' })],
  [9, drawMark],
  [11, (random, doc) => ({ kind: 'blocks', ...range(random, doc, 30), attrs: settings(random) })],
  [2, (random, doc) => ({ kind: 'code', at: place(random, doc) })],
  [7, (random, doc) => ({ kind: 'split', at: place(random, doc) })],
  [5, (random, doc) => ({ kind: 'join', at: place(random, doc) })],
  [
    6,
    (random, doc) => ({
      kind: 'move',
      index: random.below(doc.childCount),
      gap: random.below(doc.childCount + 1),
    }),
  ],
  [4, drawInsert],
  [2, (random, doc) => ({ kind: 'break', at: place(random, doc) })],
  [1, (random) => ({ kind: 'image-width', width: 16 + random.below(500) })],
  [7, drawTableEdit],
  [2, (random, doc) => ({ kind: 'merge-cells', ...ends(random, doc) })],
  [4, drawPaste],
  [4, (random, doc) => ({ kind: 'select', ...ends(random, doc) })],
  [2, (random, doc) => ({ kind: 'select-node', index: random.below(doc.childCount) })],
  [2, (random, doc) => ({ kind: 'select-cells', ...ends(random, doc) })],
  [6, () => ({ kind: 'undo' })],
  [3, () => ({ kind: 'redo' })],
]
const partsTotal = draws.reduce((sum, [parts]) => sum + parts, 0)

/** The next edit of somebody who sees `doc`. */
export function drawEdit(random: SeededRandom, doc: Node): RandomEdit {
  let left = random.below(partsTotal)
  for (const [parts, draw] of draws) {
    left -= parts
    if (left < 0) return draw(random, doc)
  }
  return { kind: 'undo' }
}

const words = ['a', 'xy', 'word ', ' two words', 'é', '𝄞', 'עברית', 'A', '  ']
const word = (random: SeededRandom): string => random.pick(words)

/** A position of the document; where text is, mostly. */
function place(random: SeededRandom, doc: Node): number {
  const at = random.below(doc.content.size + 1)
  if (random.chance(0.1)) return betweenSigns(doc, at)
  let found = at
  let distance = Number.POSITIVE_INFINITY
  doc.descendants((node, pos) => {
    if (!node.isTextblock) return true
    const inside = Math.min(Math.max(at, pos + 1), pos + 1 + node.content.size)
    if (Math.abs(inside - at) < distance) {
      distance = Math.abs(inside - at)
      found = inside
    }
    return false
  })
  return betweenSigns(doc, found)
}

/** A caret never stands inside a sign that takes two units of UTF-16, and shared text may not be cut there. */
function betweenSigns(doc: Node, pos: number): number {
  const { nodeBefore, nodeAfter } = doc.resolve(pos)
  const isInside =
    /[\ud800-\udbff]$/.test(nodeBefore?.text ?? '') &&
    /^[\udc00-\udfff]/.test(nodeAfter?.text ?? '')
  return isInside ? pos - 1 : pos
}

function range(
  random: SeededRandom,
  doc: Node,
  sizeMax: number,
): { readonly from: number; readonly to: number } {
  const from = place(random, doc)
  const to = Math.min(doc.content.size, from + random.below(sizeMax + 1))
  return { from, to: Math.max(from, betweenSigns(doc, to)) }
}

function ends(random: SeededRandom, doc: Node): { readonly anchor: number; readonly head: number } {
  const anchor = place(random, doc)
  return { anchor, head: random.chance(0.4) ? anchor : place(random, doc) }
}

const marksWithout = ['bold', 'italic', 'underline', 'strike', 'code', 'superscript', 'subscript']
const colors = ['#c2410c', '#1d4ed8']

function drawMark(random: SeededRandom, doc: Node): RandomEdit {
  const [mark, attrs] = random.pick<readonly [string, Attrs | null]>([
    ...marksWithout.map((name) => [name, null] as const),
    ['color', { color: random.pick(colors) }],
    ['highlight', { color: random.pick(colors) }],
    ['link', { href: random.pick(['https://quire.test/', '/d/1', '#top']) }],
  ])
  return { kind: 'mark', ...range(random, doc, 20), mark, attrs, isOn: random.chance(0.7) }
}

function settings(random: SeededRandom): Partial<BlockAttributes> {
  const kind = random.pick(kinds)
  return random.pick<Partial<BlockAttributes>>([
    { kind, level: kind === 'heading' ? 1 + random.below(6) : null },
    { indent: random.below(indentMax + 1) },
    { checked: random.chance(0.5) ? true : null },
    { align: random.pick(['left', 'center', null]) },
    { dir: random.pick(['rtl', null]) },
  ])
}

function drawInsert(random: SeededRandom, doc: Node): RandomEdit {
  const { block, code_block, divider, image, table, table_row, table_cell } = schema.nodes
  const text = (value: string) => (value === '' ? [] : [schema.text(value)])
  const cell = () => table_cell!.create(null, block!.create(null, text(word(random))))
  const rows = 1 + random.below(3)
  const columns = 1 + random.below(3)
  const make = random.pick([
    () => image!.create({ src: '/files/a.png', alt: word(random) }),
    () => divider!.create(),
    () => code_block!.create({ language: random.pick(['js', null]) }, text('let a\nlet b')),
    () => block!.create({ kind: random.pick(kinds) }, text(word(random))),
    () =>
      table!.create(
        null,
        Array.from({ length: rows }, () =>
          table_row!.create(null, Array.from({ length: columns }, cell)),
        ),
      ),
  ])
  return { kind: 'insert', gap: random.below(doc.childCount + 1), node: make().toJSON() }
}

const tableEdits: readonly TableEdit[] = [
  'addRowBefore',
  'addRowAfter',
  'addRowAfter',
  'addColumnBefore',
  'addColumnAfter',
  'addColumnAfter',
  'deleteRow',
  'deleteColumn',
  'deleteTable',
  'splitCell',
  'toggleHeaderRow',
]

/** In a table, when there is one. */
function drawTableEdit(random: SeededRandom, doc: Node): RandomEdit {
  const cells: number[] = []
  doc.descendants((node, pos) => {
    if (node.type.name === 'table_cell') cells.push(pos + 1)
    return !node.isTextblock
  })
  const edit = random.pick(tableEdits)
  const at = cells.length > 0 ? random.pick(cells) : place(random, doc)
  if (cells.length > 1 && random.chance(0.2)) {
    return { kind: 'merge-cells', anchor: at, head: random.pick(cells) }
  }
  return { kind: 'table', at, edit }
}

function drawPaste(random: SeededRandom, doc: Node): RandomEdit {
  const slice = range(random, doc, 40)
  const at = range(random, doc, 4)
  return { kind: 'paste', ...at, sliceFrom: slice.from, sliceTo: slice.to }
}
