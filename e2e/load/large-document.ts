/** A made document of any size for benchmarks: headings, lists and paragraphs, some words bold. The same in every run. */
import { contentOf, schema } from '@quire/document'
import { createSeededRandom } from '@quire/testkit'
import { prosemirrorToYXmlFragment } from 'y-prosemirror'
import type * as Y from 'yjs'

const words =
  'the sea was calm that morning and a light wind from the west carried the smell of salt over the harbour where three boats lay ready with their sails half raised'.split(
    ' ',
  )

/** Writes `blockCount` blocks of about `charsMean` characters into `doc`, in one update; answers with the characters in all. */
export function fillDocument(doc: Y.Doc, blockCount: number, charsMean: number): number {
  const random = createSeededRandom(blockCount)
  const pick = (): string => words[Math.floor(random.unit() * words.length)] ?? 'sea'
  let charCount = 0
  const blocks = Array.from({ length: blockCount }, (_, index) => {
    const charsWanted = charsMean * (0.4 + 1.2 * random.unit())
    let text = `${index}`
    while (text.length < charsWanted) text += ` ${pick()}`
    charCount += text.length
    const kind = index % 25 === 0 ? 'heading' : index % 7 === 3 ? 'bullet' : 'paragraph'
    const bold = schema.marks['bold']
    const cut = Math.min(text.length, 20)
    const content =
      index % 5 === 0 && bold
        ? [schema.text(text.slice(0, cut), [bold.create()]), schema.text(text.slice(cut) || '.')]
        : [schema.text(text)]
    return schema.node('block', { kind, level: kind === 'heading' ? 2 : null }, content)
  })
  prosemirrorToYXmlFragment(schema.node('doc', null, blocks), contentOf(doc))
  return charCount
}
