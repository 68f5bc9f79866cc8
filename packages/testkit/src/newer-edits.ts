/**
 * Random edits with what came after the first release: toggles and captions, page breaks, formulas,
 * mentions. They take the place of edits that `drawEdit` drew, from a generator of their own, so that what
 * a seed means without them it goes on meaning.
 */
import { schema } from '@quire/document'
import type { Node } from 'prosemirror-model'
import type { RandomEdit } from './random-edits.ts'
import type { SeededRandom } from './seeded-random.ts'

/** The edit that somebody makes instead of `edit`, often the same one. */
export function newerInstead(random: SeededRandom, edit: RandomEdit): RandomEdit {
  if (!random.chance(0.5)) return edit
  const { kind } = edit
  if (kind === 'insert') return { ...edit, node: random.pick(blocks)().toJSON() }
  if (kind === 'break') return atomAt(random, edit.at)
  if (kind === 'type' && random.chance(0.3)) return atomAt(random, edit.at)
  if (kind !== 'blocks' || edit.attrs.kind === undefined) return edit
  return { ...edit, attrs: { kind: random.pick(['toggle', 'caption']), level: null } }
}

const atomAt = (random: SeededRandom, at: number): RandomEdit => ({
  kind: 'atom',
  at,
  node: random.pick(atoms)().toJSON(),
})

const text = (words: string): Node => schema.text(words)
const blocks: readonly (() => Node)[] = [
  () => schema.node('page_break'),
  () => schema.node('math_block', { tex: 'x^2' }),
  () => schema.node('block', { kind: 'toggle' }, text('toggle')),
  () => schema.node('block', { kind: 'caption' }, text('caption')),
]
const atoms: readonly (() => Node)[] = [
  () => schema.node('math_inline', { tex: 'a_1' }),
  () => schema.node('mention', { of: 'person', target: 'ana', label: 'Ana' }),
]
