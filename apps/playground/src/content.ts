/** What people of the playground find in their document, as a Yjs update. */
import { bytesOf } from '@quire/binding/test/peers'
import {
  bold,
  callout,
  cell,
  code,
  doc,
  h,
  italic,
  li,
  link,
  p,
  row,
  table,
  task,
  th,
} from '@quire/testkit'
import type { ContentName } from './address.ts'

const letter = () =>
  doc(
    h(1, 'A day on the water'),
    p('Everybody writes here at once, and ', bold('nobody’s words'), ' get lost.'),
    h(2, 'What to bring'),
    task('Bread and cheese', { checked: true }),
    task('The good map'),
    li('Rope, ', italic('the long one')),
    callout('The last ferry back leaves at nine.'),
    table(
      row(th('Harbour'), th('Leaves'), th('Arrives')),
      row(cell('North quay'), cell('7:10'), cell('8:25')),
      row(cell('Lighthouse'), cell('9:00'), cell('9:40')),
    ),
    code('const boat = hire("small")'),
    p('More is in ', link('https://quire.test/', 'the guide'), '.'),
    p(),
  )

const long = (blockCount: number) =>
  doc(...Array.from({ length: blockCount }, (_, i) => p(`Paragraph ${i + 1} of a long document.`)))

export function contentBytes(content: ContentName): Uint8Array {
  return bytesOf(content.kind === 'letter' ? letter() : long(content.blockCount))
}
