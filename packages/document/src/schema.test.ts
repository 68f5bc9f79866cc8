import { expect, test } from 'vitest'
import { schema, schemaFingerprint } from './index.ts'

test('[SC5] the fingerprint is pinned: a change of it is a change of what is stored', () => {
  expect(schemaFingerprint.split(' ')).toEqual([
    'block(align,checked,dir,indent,kind,level,tone)',
    'bold()',
    'code()',
    'code_block(language)',
    'color(color)',
    'divider()',
    'doc()',
    'font(family)',
    'font_size(points)',
    'hard_break()',
    'highlight(color)',
    'image(align,alt,src,width)',
    'italic()',
    'link(href)',
    'math_block(tex)',
    'math_inline(tex)',
    'mention(label,of,target)',
    'page_break()',
    'strike()',
    'subscript()',
    'superscript()',
    'table()',
    'table_cell(align,background,colspan,colwidth,header,rowspan)',
    'table_row()',
    'text()',
    'underline()',
  ])
})

test('[SC5] an empty place is filled with a paragraph', () => {
  expect(schema.topNodeType.createAndFill()?.toJSON()).toMatchObject({
    content: [{ type: 'block', attrs: { kind: 'paragraph', indent: 0 } }],
  })
})
