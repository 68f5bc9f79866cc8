/** A made document of any size for benchmarks: headings, lists and paragraphs, some words bold. The same in every run. */
import { contentOf, schema } from '@quire/document'
import { createSeededRandom } from '@quire/testkit'
import { prosemirrorToYXmlFragment } from 'y-prosemirror'
import type * as Y from 'yjs'

const words =
  'the sea was calm that morning and a light wind from the west carried the smell of salt over the harbour where three boats lay ready with their sails half raised'.split(
    ' ',
  )

export interface MadeBlock {
  readonly kind: 'heading' | 'bullet' | 'paragraph'
  readonly text: string
  /** How many of its first characters are bold. */
  readonly boldChars: number
}

/** `blockCount` blocks of about `charsMean` characters. */
export function madeBlocks(blockCount: number, charsMean: number): MadeBlock[] {
  const random = createSeededRandom(blockCount)
  const pick = (): string => words[Math.floor(random.unit() * words.length)] ?? 'sea'
  return Array.from({ length: blockCount }, (_, index) => {
    const charsWanted = charsMean * (0.4 + 1.2 * random.unit())
    let text = `${index}`
    while (text.length < charsWanted) text += ` ${pick()}`
    const kind = index % 25 === 0 ? 'heading' : index % 7 === 3 ? 'bullet' : 'paragraph'
    return { kind, text, boldChars: index % 5 === 0 ? Math.min(text.length, 20) : 0 }
  })
}

/** Writes such blocks into `doc`, as Quire stores them, in one update; answers with the characters in all. */
export function fillDocument(doc: Y.Doc, blockCount: number, charsMean: number): number {
  const bold = schema.mark('bold')
  const made = madeBlocks(blockCount, charsMean)
  const blocks = made.map(({ kind, text, boldChars }) => {
    const content =
      boldChars > 0
        ? [schema.text(text.slice(0, boldChars), [bold]), schema.text(text.slice(boldChars) || '.')]
        : [schema.text(text)]
    return schema.node('block', { kind, level: kind === 'heading' ? 2 : null }, content)
  })
  prosemirrorToYXmlFragment(schema.node('doc', null, blocks), contentOf(doc))
  return made.reduce((count, { text }) => count + text.length, 0)
}
