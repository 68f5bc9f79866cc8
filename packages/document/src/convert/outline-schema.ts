/**
 * The schema of an *outline*: a document as other programs know it, with lists that nest and quotes
 * that hold paragraphs. Exports are written from it. Nobody edits an outline, and nothing stores one.
 */
import { type NodeSpec, Schema } from 'prosemirror-model'
import { marks } from '../schema/marks.ts'
import { nodes } from '../schema/nodes.ts'

const attribute = { default: null }

const lineAttributes = { align: attribute, dir: attribute, indent: { default: 0 } }

/** What a line says about itself, as attributes of HTML. */
function lineHtml(attrs: Readonly<Record<string, unknown>>): Record<string, string | undefined> {
  const { align, dir, indent } = attrs
  return {
    dir: typeof dir === 'string' ? dir : undefined,
    'data-indent': indent === 0 ? undefined : String(indent),
    style: typeof align === 'string' ? `text-align: ${align}` : undefined,
  }
}

/** `tone` is that of the alert that it stands in: our own reader takes it from the line. */
const paragraph: NodeSpec = {
  content: 'inline*',
  group: 'flow',
  attrs: { ...lineAttributes, callout: { default: false }, tone: attribute },
  toDOM: ({ attrs }) => [
    'p',
    {
      ...lineHtml(attrs),
      'data-kind': attrs['callout'] === true ? 'callout' : undefined,
      'data-tone': (attrs['tone'] as string | null) ?? undefined,
    },
    0,
  ],
}

const heading: NodeSpec = {
  content: 'inline*',
  group: 'flow',
  attrs: { ...lineAttributes, level: { default: 1 } },
  toDOM: ({ attrs }) => [`h${String(attrs['level'])}`, lineHtml(attrs), 0],
}

const quote: NodeSpec = { content: 'flow+', group: 'flow', toDOM: () => ['blockquote', 0] }

const alert: NodeSpec = {
  content: 'flow+',
  group: 'flow',
  attrs: { tone: attribute },
  toDOM: () => ['aside', { role: 'note' }, 0],
}

/** A picture, a table or code with the words below it. */
const figure: NodeSpec = {
  content: '(flow | table)+',
  group: 'flow',
  toDOM: () => ['figure', 0],
}

const caption: NodeSpec = {
  content: 'inline*',
  group: 'flow',
  attrs: lineAttributes,
  toDOM: ({ attrs }) => ['figcaption', lineHtml(attrs), 0],
}

/** A toggle with what belongs to it. Written open: what is printed or read by a machine hides nothing. */
const details: NodeSpec = {
  content: 'summary (flow | table)*',
  group: 'flow',
  attrs: { indent: { default: 0 } },
  toDOM: ({ attrs }) => ['details', { open: '', ...lineHtml({ indent: attrs['indent'] }) }, 0],
}

const summary: NodeSpec = {
  content: 'inline*',
  attrs: lineAttributes,
  toDOM: ({ attrs }) => ['summary', lineHtml(attrs), 0],
}

/** `tight`: no item has a second line of its own. */
const listAttributes = { tight: { default: true } }
const bulletList: NodeSpec = {
  content: 'item+',
  group: 'flow',
  attrs: listAttributes,
  toDOM: () => ['ul', 0],
}
const numberList: NodeSpec = {
  content: 'item+',
  group: 'flow',
  attrs: listAttributes,
  toDOM: () => ['ol', 0],
}

const item: NodeSpec = {
  content: 'flow+',
  attrs: { checked: attribute },
  toDOM: ({ attrs: { checked } }) =>
    checked === null
      ? ['li', 0]
      : [
          'li',
          ['input', { type: 'checkbox', disabled: '', checked: checked === true ? '' : undefined }],
          ['div', 0],
        ],
}

const codeBlock: NodeSpec = {
  content: 'text*',
  group: 'flow',
  marks: '',
  code: true,
  attrs: { language: attribute },
  toDOM: ({ attrs: { language } }) => [
    'pre',
    ['code', { class: language === null ? undefined : `language-${String(language)}` }, 0],
  ],
}

const only = (name: string): NodeSpec => {
  const spec = nodes[name]
  if (!spec) throw new TypeError(`the schema has no ${name}`)
  return spec
}

export const outlineSchema: Schema = new Schema({
  nodes: {
    doc: { content: '(flow | table)*' },
    paragraph,
    heading,
    quote,
    alert,
    figure,
    caption,
    details,
    summary,
    bullet_list: bulletList,
    number_list: numberList,
    item,
    code_block: codeBlock,
    image: only('image'),
    divider: only('divider'),
    page_break: only('page_break'),
    math_block: only('math_block'),
    table: only('table'),
    table_row: only('table_row'),
    table_cell: only('table_cell'),
    text: only('text'),
    hard_break: only('hard_break'),
    mention: only('mention'),
    math_inline: only('math_inline'),
  },
  marks: { ...marks },
})
