/** Plain text as a document: each line is a block. */
import type { Node } from 'prosemirror-model'
import { schema } from '../schema.ts'

export function documentOfText(text: string): Node {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\r|\n/)
  // The line feed at the end of a file ends its last line.
  if (lines.length > 1 && lines.at(-1) === '') lines.pop()
  const blocks = lines.map((line) => {
    // What a text node may not hold, and no editor shows.
    // oxlint-disable-next-line no-control-regex
    const shown = line.replace(/[\u0000-\u0008\u000b-\u001f]/g, '')
    return schema.node('block', null, shown === '' ? [] : [schema.text(shown)])
  })
  return schema.node('doc', null, blocks)
}
