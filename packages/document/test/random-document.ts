/** Documents with everything that the schema knows, drawn from a seed: for tests of what holds for all. */
import type { Mark, Node } from 'prosemirror-model'
import { blockKinds, schema, tones } from '../src/index.ts'

/** Numbers in [0, 1) that follow from `seed` (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const words = [
  'plain',
  'über',
  '日本語',
  '<b>',
  '&amp;',
  '*star*',
  '_under_',
  '# hash',
  '1. one',
  '- dash',
  '> more',
  '`tick`',
  '[x]',
  '![i](j)',
  '|',
  '\\',
  '~~',
  '"quoted"',
  "it's",
  '\u{1f600}',
  '+',
  '===',
  'https://a.b/c',
  '$1',
  '$x$',
  '$$',
  '\u00a0',
]
/** What Markdown takes for signs of its own, among them. */
const formulas = ['x', 'a_1 * b_2 * c', '\\frac{1}{2} < |x|', '\\$5 & [x](y)', '5', 'a `x`']
const markSets: readonly (readonly string[])[] = [
  [],
  [],
  [],
  ['bold'],
  ['italic'],
  ['strike'],
  ['bold', 'italic'],
  ['code'],
  ['underline'],
  ['superscript'],
]

/** A document of up to 12 blocks and perhaps a table. No item is more than one step deeper than what it lies in. */
export function drawDocument(seed: number): Node {
  const random = randomOf(seed)
  const below = (count: number): number => Math.floor(random() * count)
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T
  const text = (): Node[] =>
    Array.from({ length: below(4) }, () => {
      const marks: Mark[] = pick(markSets).map((name) => schema.mark(name))
      if (random() < 0.1)
        marks.push(
          schema.mark('link', { href: pick(['/a', 'https://b.c/(d)?e=f&g', 'mailto:h@i']) }),
        )
      const line = Array.from({ length: 1 + below(3) }, () => pick(words)).join(' ')
      return schema.text(
        line,
        marks.reduce((set, mark) => mark.addToSet(set), [] as readonly Mark[]),
      )
    })
  const inline = (): Node[] => {
    const nodes = text()
    if (nodes.length > 1 && random() < 0.2) nodes.splice(1, 0, schema.node('hard_break'))
    if (random() < 0.1) {
      nodes.splice(below(nodes.length + 1), 0, schema.node('math_inline', { tex: pick(formulas) }))
    }
    return nodes
  }
  let depth = -1
  const flow = (): Node => {
    const chance = random()
    if (chance < 0.03) return schema.node('divider')
    if (chance < 0.05) return schema.node('page_break')
    if (chance < 0.07) return schema.node('math_block', { tex: pick(formulas) })
    if (chance < 0.1)
      return schema.node('image', { src: '/files/a.png', alt: pick([null, 'a picture']) })
    if (chance < 0.17) {
      const code = Array.from({ length: 1 + below(3) }, () => pick(words)).join('\n')
      return schema.node('code_block', { language: pick([null, 'js']) }, schema.text(code))
    }
    const kind = pick(blockKinds)
    const isItem = kind === 'bullet' || kind === 'number' || kind === 'task'
    const indent = isItem ? below(Math.min(depth, 3) + 2) : 0
    // What follows a toggle may lie in it.
    depth = isItem ? indent : kind === 'toggle' ? 0 : -1
    const attrs = {
      kind,
      indent,
      level: kind === 'heading' ? 1 + below(6) : null,
      checked: kind === 'task' && random() < 0.5 ? true : null,
      tone: kind === 'callout' ? pick(tones) : null,
    }
    const content = inline()
    // An item without a word has no form in HTML that every reader takes for an item.
    const isEmptyItem = isItem && !content.some(({ text }) => text?.trim())
    return schema.node('block', attrs, isEmptyItem ? schema.text('item') : content)
  }
  const nodes = Array.from({ length: 1 + below(12) }, () => {
    const node = flow()
    if (node.type.name !== 'block') depth = -1
    return node
  })
  if (random() < 0.4) {
    const width = 1 + below(3)
    const rows = Array.from({ length: 1 + below(3) }, (_, at) =>
      schema.node(
        'table_row',
        null,
        Array.from({ length: width }, () =>
          schema.node('table_cell', { header: at === 0 ? true : null }, [
            schema.node('block', null, inline()),
          ]),
        ),
      ),
    )
    nodes.splice(random() < 0.5 ? 0 : nodes.length, 0, schema.node('table', null, rows))
  }
  const doc = schema.node('doc', null, nodes)
  doc.check()
  return doc
}
