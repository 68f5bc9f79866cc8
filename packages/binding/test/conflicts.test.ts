// @vitest-environment jsdom
/**
 * Two people in one place, and what each of them should find afterwards. Every case is run with the
 * deliveries in both orders and with both orders of client ids, and then both undo.
 *
 * A case with `loses` says what is lost today; `docs/caveats.md` lists the same.
 *
 * Length: a table of cases reads better in one piece.
 */
import {
  bold,
  type Draft,
  cell,
  code,
  doc,
  h,
  image,
  li,
  type NamedDoc,
  p,
  type RandomEdit,
  row,
  show,
  table,
  task,
  th,
} from '@quire/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { agreed, makePeers, type Peer, settle } from './peers.ts'
import { perform } from './perform-edit.ts'

type At = NamedDoc['at']
/** A's client id is below or above that of B. */
type Ids = 'below' | 'above'
type First = 'A first' | 'B first'

interface Conflict {
  readonly name: string
  readonly before: NamedDoc
  readonly a: (at: At) => RandomEdit
  readonly b: (at: At) => RandomEdit
  /** What both find afterwards. A pair: with A's client id below B's, and above. */
  readonly after: readonly string[] | Readonly<Record<Ids, readonly string[]>>
  /** After both have undone; the document before unless said otherwise. */
  readonly undone?: readonly string[] | ((ids: Ids, first: First) => readonly string[])
  /** What is lost or odd, in words. */
  readonly loses?: string
}

const type =
  (text: string, place = 'b') =>
  (at: At): RandomEdit => ({ kind: 'type', at: at[place] as number, text })
const write =
  (attrs: Extract<RandomEdit, { kind: 'blocks' }>['attrs'], place = 'a') =>
  (at: At): RandomEdit => {
    const pos = at[place] as number
    return { kind: 'blocks', from: pos, to: pos, attrs }
  }
const remove =
  (from = 'a', to = 'z') =>
  (at: At): RandomEdit => ({ kind: 'delete', from: at[from] as number, to: at[to] as number })
const mark =
  (name: string, from = 'a', to = 'z', attrs: { href: string } | null = null) =>
  (at: At): RandomEdit => ({
    kind: 'mark',
    from: at[from] as number,
    to: at[to] as number,
    mark: name,
    attrs,
    isOn: true,
  })
const drag = (index: number, gap: number) => (): RandomEdit => ({ kind: 'move', index, gap })
const split =
  (place = 'a') =>
  (at: At): RandomEdit => ({ kind: 'split', at: at[place] as number })
const join =
  (place = 'a') =>
  (at: At): RandomEdit => ({ kind: 'join', at: at[place] as number })
const inTable =
  (edit: Extract<RandomEdit, { kind: 'table' }>['edit'], place = 'a') =>
  (at: At): RandomEdit => ({ kind: 'table', at: at[place] as number, edit })
const merge =
  (from = 'a', to = 'z') =>
  (at: At): RandomEdit => ({
    kind: 'merge-cells',
    anchor: at[from] as number,
    head: at[to] as number,
  })
const all = (): RandomEdit => ({ kind: 'delete-all' })

const grid = (...rows: string[][]): Draft =>
  table(...rows.map((cells) => row(...cells.map((text) => cell(text)))))

const movedWords =
  'undo, for the one who typed them, of words that arrive in a text that another person has just moved'

const kinds: Conflict[] = [
  {
    name: 'a paragraph becomes a heading while somebody types in it',
    before: doc(p('<a>Title here<b>')),
    a: write({ kind: 'heading', level: 1 }),
    b: type(' typed'),
    after: ['h1 Title here typed'],
  },
  {
    name: 'a heading changes its level while somebody types in it',
    before: doc(h(1, '<a>Title<b>')),
    a: write({ level: 2 }),
    b: type('!'),
    after: ['h2 Title!'],
  },
  {
    name: 'paragraphs become a list while somebody types in one of them',
    before: doc(p('<a>one'), p('two<b>')),
    a: (at) => ({ kind: 'blocks', from: at['a']!, to: at['b']!, attrs: { kind: 'bullet' } }),
    b: type('!'),
    after: ['- one', '- two!'],
  },
  {
    name: 'an item is indented, becomes a task, and is written in',
    before: doc(li('one'), li('<a>two<b>')),
    a: write({ indent: 1 }),
    b: write({ kind: 'task' }),
    after: ['- one', '  [ ] two'],
  },
  {
    name: 'an item is indented while somebody types in it',
    before: doc(li('one'), li('<a>two<b>')),
    a: write({ indent: 1 }),
    b: type('!'),
    after: ['- one', '  - two!'],
  },
  {
    name: 'a task is checked while somebody types in it',
    before: doc(task('<a>buy milk<b>')),
    a: write({ checked: true }),
    b: type(' and eggs'),
    after: ['[x] buy milk and eggs'],
  },
  {
    name: 'two kinds for one block: one of them wins, for both',
    before: doc(p('<a>text')),
    a: write({ kind: 'heading', level: 2 }),
    b: write({ kind: 'quote' }, 'a'),
    after: { below: ['>{level=2} text'], above: ['h2 text'] },
  },
  {
    name: 'both make the same block a quote: one quote',
    before: doc(p('<a>text')),
    a: write({ kind: 'quote' }),
    b: write({ kind: 'quote' }),
    after: ['> text'],
  },
  {
    name: 'a block is aligned while its text is deleted',
    before: doc(p('<a>text<z>'), p('next')),
    a: write({ align: 'center' }),
    b: remove(),
    after: ['p{align=center}', 'p next'],
  },
  {
    name: 'an image is widened while another block is typed in',
    before: doc(image('/a.png'), p('text<b>')),
    a: () => ({ kind: 'image-width', width: 200 }),
    b: type('!'),
    after: ['image{src=/a.png width=200}', 'p text!'],
  },
]

const structure: Conflict[] = [
  {
    name: 'a block is dragged while somebody types in another one',
    before: doc(p('one'), p('two<b>'), p('three'), p('four')),
    a: drag(0, 4),
    b: type('!'),
    after: ['p two!', 'p three', 'p four', 'p one'],
  },
  {
    name: 'a block is dragged while somebody types in it',
    before: doc(p('one<b>'), p('two'), p('three')),
    a: drag(0, 3),
    b: type('!'),
    after: ['p two', 'p three', 'p one!'],
    undone: ['p one', 'p two', 'p three', 'p !'],
    loses: movedWords,
  },
  {
    name: 'both drag the same block',
    before: doc(p('one'), p('two'), p('three')),
    a: drag(0, 3),
    b: drag(0, 3),
    after: ['p two', 'p three', 'p one', 'p one'],
    undone: ['p one', 'p one', 'p two', 'p three'],
    loses: 'nothing, but a block that two people drag at once is there twice',
  },
  {
    name: 'both drag, different blocks',
    before: doc(p('one'), p('two'), p('three'), p('four')),
    a: drag(0, 4),
    b: drag(3, 0),
    after: ['p four', 'p two', 'p three', 'p one'],
  },
  {
    name: 'blocks are joined while somebody types in the first one',
    before: doc(p('fir<b>st'), p('<a>second')),
    a: join(),
    b: type('!'),
    after: ['p fir!stsecond'],
  },
  {
    name: 'blocks are joined while somebody types at the very end of the first one',
    before: doc(p('first<b>'), p('<a>second')),
    a: join(),
    b: type('!'),
    after: { below: ['p firstsecond!'], above: ['p first!second'] },
    loses:
      'the place of what somebody types exactly where another person joins two blocks; it may land behind the second',
  },
  {
    name: 'blocks are joined while somebody types in the second one',
    before: doc(p('first'), p('<a>second<b>')),
    a: join(),
    b: type('!'),
    after: ['p firstsecond!'],
    undone: ['p first!', 'p second'],
    loses: movedWords,
  },
  {
    name: 'a block is split while somebody types in its first half',
    before: doc(p('one<b> <a>two')),
    a: split(),
    b: type('!'),
    after: ['p one! ', 'p two'],
  },
  {
    name: 'a block is split while somebody types in its second half',
    before: doc(p('one <a>two<b>')),
    a: split(),
    b: type('!'),
    after: ['p one !', 'p two'],
    loses: 'the place of what somebody types after the point where another person splits the block',
  },
  {
    name: 'both split the same block at the same place',
    before: doc(p('one<a>two')),
    a: split(),
    b: split(),
    after: ['p one', 'p two', 'p two'],
    undone: ['p onetwotwo'],
    loses: 'nothing, but the second half of a block that two people split at once is there twice',
  },
  {
    name: 'a block is deleted while somebody types in it',
    before: doc(p('one'), p('<a>two<b><z>'), p('three')),
    a: (at) => ({ kind: 'delete', from: at['a']! - 1, to: at['z']! + 1 }),
    b: type('!'),
    after: ['p one', 'p three'],
    loses: 'what somebody types in a block while another person deletes it',
  },
  {
    name: 'everything is deleted while somebody types in the first block',
    before: doc(p('one<b>'), p('two')),
    a: all,
    b: type(' more'),
    after: ['p  more'],
  },
  {
    name: 'everything is deleted while somebody types in another block',
    before: doc(p('one'), p('two<b>')),
    a: all,
    b: type(' more'),
    after: ['p'],
    loses: 'what somebody types in any block but the first while another person deletes everything',
  },
  {
    name: 'a block becomes code while somebody types in it',
    before: doc(p('<a>let a<b>')),
    a: (at) => ({ kind: 'code', at: at['a']! }),
    b: type(' = 1'),
    after: ['code "let a = 1"'],
    undone: ['code " = 1"', 'p let a'],
    loses: movedWords,
  },
]

const text: Conflict[] = [
  {
    name: 'both type in the same empty block',
    before: doc(p('<b>')),
    a: type('AAA'),
    b: type('BBB'),
    after: { below: ['p AAABBB'], above: ['p BBBAAA'] },
    undone: (ids) => (ids === 'above' ? ['p AAA'] : ['p BBB']),
    loses: 'undo of the first words in an empty block into which two people began to type at once',
  },
  {
    name: 'both type at the same place',
    before: doc(p('x<b>y')),
    a: type('AAA'),
    b: type('BBB'),
    after: { below: ['p xAAABBBy'], above: ['p xBBBAAAy'] },
  },
  {
    name: 'one types within what the other deletes',
    before: doc(p('keep <a>delete<b> this<z> keep')),
    a: remove(),
    b: type('NEW'),
    after: ['p keep NEW keep'],
  },
  {
    name: 'both delete the same words',
    before: doc(p('a<a> b<b> c<z> d')),
    a: remove('a', 'z'),
    b: remove('b', 'z'),
    after: ['p a d'],
    undone: ['p a b c c d'],
    loses: 'nothing, but words that two people delete at once come back twice when both undo',
  },
  {
    name: 'marks that overlap',
    before: doc(p('<a>one <b>two<z> three<y>')),
    a: mark('bold', 'a', 'z'),
    b: mark('italic', 'b', 'y'),
    after: ['p **one ****_two_**_ three_'],
  },
  {
    name: 'the same mark on ranges that overlap',
    before: doc(p('<a>one <b>two<z> three<y>')),
    a: mark('bold', 'a', 'z'),
    b: mark('bold', 'b', 'y'),
    after: ['p **one two** three'],
    loses: 'the end of a mark that two people give to overlapping words at once',
  },
  {
    name: 'words become bold while somebody types within them',
    before: doc(p('<a>make<b> this bold<z>')),
    a: mark('bold'),
    b: type(' all of'),
    after: ['p **make all of this bold**'],
  },
  {
    name: 'words become a link while somebody types within them',
    before: doc(p('see <a>the<b> page<z> now')),
    a: mark('link', 'a', 'z', { href: '/x' }),
    b: type(' other'),
    after: ['p see [the other page](/x) now'],
  },
  {
    name: 'words become a link while somebody types behind them',
    before: doc(p('see <a>this<z><b>')),
    a: mark('link', 'a', 'z', { href: '/x' }),
    b: type(' now'),
    after: { below: ['p see [this](/x) now'], above: ['p see [this now](/x)'] },
    loses:
      'the end of a link or mark, when somebody types exactly there while another person sets it',
  },
  {
    name: 'two links for the same words: one of them wins, for both',
    before: doc(p('<a>words<z>')),
    a: mark('link', 'a', 'z', { href: '/a' }),
    b: mark('link', 'a', 'z', { href: '/b' }),
    after: { below: ['p [words](/b)'], above: ['p [words](/a)'] },
  },
  {
    name: 'bold words are made plain while somebody types next to them',
    before: doc(p(bold('<a>bold<z>'), '<b> plain')),
    a: (at) => ({
      kind: 'mark',
      from: at['a']!,
      to: at['z']!,
      mark: 'bold',
      attrs: null,
      isOn: false,
    }),
    b: type(' and'),
    after: ['p bold and plain'],
  },
  {
    name: 'both type in one code block',
    before: doc(code('<a>let a')),
    a: type('// A\n', 'a'),
    b: (at) => ({ kind: 'type', at: at['a']! + 5, text: ' = 1' }),
    after: ['code "// A\\nlet a = 1"'],
  },
]

const tables: Conflict[] = [
  {
    name: 'both add a row at the same place',
    before: doc(grid(['<a>a1', 'b1'], ['a2', 'b2'])),
    a: inTable('addRowAfter'),
    b: inTable('addRowAfter'),
    after: ['| a1 | b1 |', '|  |  |', '|  |  |', '| a2 | b2 |'],
  },
  {
    name: 'both add a column at the same place',
    before: doc(grid(['<a>a1', 'b1'], ['a2', 'b2'])),
    a: inTable('addColumnAfter'),
    b: inTable('addColumnAfter'),
    after: ['| a1 |  |  | b1 |', '| a2 |  |  | b2 |'],
  },
  {
    name: 'one adds a row, the other a column: the new row is one cell short until somebody changes the table',
    before: doc(grid(['<a>a1', 'b1'], ['a2', 'b2'])),
    a: inTable('addRowAfter'),
    b: inTable('addColumnAfter'),
    after: ['| a1 |  | b1 |', '|  |  |', '| a2 |  | b2 |'],
    loses:
      'the shape of a table to which two people add a row and a column at once, until its next change',
  },
  {
    name: 'a row is deleted while somebody types in another one',
    before: doc(grid(['<a>a1', 'b1'], ['a2', 'b2<b>'], ['a3', 'b3'])),
    a: inTable('deleteRow'),
    b: type('!'),
    after: ['| a2 | b2! |', '| a3 | b3 |'],
  },
  {
    name: 'a row is deleted while somebody types in it',
    before: doc(grid(['<a>a1', 'b1<b>'], ['a2', 'b2'])),
    a: inTable('deleteRow'),
    b: type('!'),
    after: ['| a2 | b2 |'],
    loses: 'what somebody types in a row or column while another person deletes it',
  },
  {
    name: 'a row is deleted while a column is added',
    before: doc(grid(['a1', '<b>b1'], ['<a>a2', 'b2'])),
    a: inTable('deleteRow'),
    b: inTable('addColumnAfter', 'b'),
    after: ['| a1 | b1 |  |'],
  },
  {
    name: 'a column is deleted while somebody types in another one',
    before: doc(grid(['<a>a1', 'b1'], ['a2', 'b2<b>'])),
    a: inTable('deleteColumn'),
    b: type('!'),
    after: ['| b1 |', '| b2! |'],
  },
  {
    name: 'cells are merged while somebody types elsewhere',
    before: doc(grid(['<a>a1', '<z>b1'], ['a2', 'b2<b>'])),
    a: merge(),
    b: type('!'),
    after: ['| (2x1) a1 / b1 |', '| a2 | b2! |'],
  },
  {
    name: 'cells are merged while somebody types in the one that stays',
    before: doc(grid(['<a>a1<b>', '<z>b1'], ['a2', 'b2'])),
    a: merge(),
    b: type('!'),
    after: ['| (2x1) a1! / b1 |', '| a2 | b2 |'],
  },
  {
    name: 'cells are merged while somebody types in one that goes',
    before: doc(grid(['<a>a1', '<z>b1<b>'], ['a2', 'b2'])),
    a: merge(),
    b: type('!'),
    after: ['| (2x1) a1 / b1! |', '| a2 | b2 |'],
    undone: ['| a1 / ! | b1 |', '| a2 | b2 |'],
    loses: movedWords,
  },
  {
    name: 'the header row is switched while somebody types in it',
    before: doc(grid(['<a>a1', 'b1<b>'], ['a2', 'b2'])),
    a: inTable('toggleHeaderRow'),
    b: type('!'),
    after: ['| # a1 | # b1! |', '| a2 | b2 |'],
  },
  {
    name: 'the header row is switched back while a column is added',
    before: doc(table(row(th('<a>a1'), th('b1')), row(cell('a2'), cell('b2')))),
    a: inTable('toggleHeaderRow'),
    b: inTable('addColumnAfter'),
    after: ['| a1 |  | b1 |', '| a2 |  | b2 |'],
  },
  {
    name: 'both type in one cell',
    before: doc(grid(['x<b>'])),
    a: type('AAA'),
    b: type('BBB'),
    after: { below: ['| xAAABBB |'], above: ['| xBBBAAA |'] },
  },
]

let peers: Peer[] = []
afterEach(() => {
  for (const peer of peers) peer.close()
})

const groups = { 'kinds and attributes': kinds, structure, 'text and marks': text, tables }
const orders: readonly (readonly [Ids, First])[] = [
  ['below', 'A first'],
  ['below', 'B first'],
  ['above', 'A first'],
  ['above', 'B first'],
]

function run(conflict: Conflict, ids: Ids, first: First): void {
  peers = makePeers(2, conflict.before, { captureMs: 500 })
  const [low, high] = peers as [Peer, Peer]
  const [a, b] = ids === 'below' ? [low, high] : [high, low]
  const order = first === 'A first' ? [b, a] : [a, b]
  const exchange = () => {
    // Again and again: text that arrives late is put in its place by an update of its own.
    while (order.some((receiver) => receiver.inbox.length > 0)) {
      for (const receiver of order) while (receiver.inbox.length > 0) receiver.deliver()
    }
  }
  const { at, node } = conflict.before
  expect(perform(a, conflict.a(at))).toBe(true)
  expect(perform(b, conflict.b(at))).toBe(true)
  exchange()
  const { after, undone } = conflict
  expect(agreed(peers)).toEqual('below' in after ? after[ids] : after)

  a.run(a.binding.undo)
  exchange()
  b.run(b.binding.undo)
  exchange()
  expect(agreed(peers)).toEqual(
    typeof undone === 'function' ? undone(ids, first) : (undone ?? show(node)),
  )
}

for (const [group, cases] of Object.entries(groups)) {
  describe(`two people at once: ${group}`, () => {
    for (const conflict of cases) {
      const title = conflict.name + (conflict.loses ? ` (LOSES ${conflict.loses})` : '')
      test.each(orders)(`${title}: A's id %s B's, %s`, (ids, first) => run(conflict, ids, first))
    }
  })
}

test('three people at one item: its indent, its kind and its text are all kept', () => {
  const { node, at } = doc(li('one'), li('<a>two<b>'))
  peers = makePeers(3, node)
  const [a, b, c] = peers as [Peer, Peer, Peer]
  perform(a, write({ indent: 1 })(at))
  perform(b, write({ kind: 'task', checked: true })(at))
  perform(c, type('!')(at))
  settle(peers)
  expect(agreed(peers)).toEqual(['- one', '  [x] two!'])
})
