/**
 * Documents as Markdown: CommonMark with GitHub's tables, tasks, strikethrough and alerts. What
 * Markdown has no sign for is written as HTML (underline, sub- and superscript, highlight) or left out
 * (colours, fonts, sizes, alignment, direction, widths). No text is left out.
 */
import { must } from '@quire/base'
import { Fragment, type Mark, type Node } from 'prosemirror-model'
import {
  defaultMarkdownSerializer,
  MarkdownSerializer,
  type MarkdownSerializerState,
} from 'prosemirror-markdown'
import { escapeText } from './html.ts'
import { emphasis } from './markdown-emphasis.ts'
import {
  withMathInLines,
  withoutMathSigns,
  writeInlineMath,
  writeMathBlock,
} from './markdown-math.ts'
import { outlineOf } from './outline.ts'

type WriteNode = (state: MarkdownSerializerState, node: Node, parent: Node, index: number) => void

/** GitHub's words for our tones. */
const alertOf: Readonly<Record<string, string>> = {
  info: 'NOTE',
  success: 'TIP',
  warning: 'WARNING',
  danger: 'CAUTION',
}

const fenceFor = (text: string): string =>
  '`'.repeat(Math.max(3, ...(text.match(/`+/g) ?? []).map(({ length }) => length + 1)))

const nodes: Record<string, WriteNode> = {
  paragraph(state, node) {
    state.renderInline(node)
    state.closeBlock(node)
  },
  heading(state, node) {
    state.write(`${'#'.repeat(Number(node.attrs['level']))} `)
    state.renderInline(node, false)
    state.closeBlock(node)
  },
  quote(state, node) {
    state.wrapBlock('> ', null, node, () => state.renderContent(node))
  },
  alert(state, node) {
    state.wrapBlock('> ', null, node, () => {
      state.write(`[!${alertOf[String(node.attrs['tone'])] ?? 'NOTE'}]\n`)
      state.renderContent(node)
    })
  },
  figure(state, node) {
    state.renderContent(node)
  },
  caption(state, node) {
    state.renderInline(node)
    state.closeBlock(node)
  },
  details(state, node) {
    const title = must(node.firstChild, 'a toggle has a line')
    const words = title.textContent.replace(/\s+/g, ' ').trim()
    const isPlain = title.children.every(({ isText, marks }) => isText && marks.length === 0)
    state.write('<details>\n')
    if (isPlain) state.write(`<summary>${escapeText(words).replaceAll('$', '&#36;')}</summary>`)
    else {
      // Markdown in a tag is none, unless a blank line stands before it.
      state.write('<summary>')
      state.closeBlock(title)
      state.renderInline(title)
      state.closeBlock(title)
      state.write('</summary>')
    }
    state.closeBlock(title)
    for (const child of node.children.slice(1)) state.render(child, node, 0)
    state.write('</details>')
    state.closeBlock(node)
  },
  bullet_list(state, node) {
    state.renderList(node, '  ', (at) => {
      const checked: unknown = node.child(at).attrs['checked']
      return checked === null ? '- ' : checked === true ? '- [x] ' : '- [ ] '
    })
  },
  number_list(state, node) {
    const width = String(node.childCount).length
    state.renderList(node, ' '.repeat(width + 2), (at) => `${at + 1}. `.padEnd(width + 2))
  },
  item(state, node) {
    state.renderContent(node)
  },
  code_block(state, node) {
    const fence = fenceFor(node.textContent)
    // A line feed or a backtick would end the line that names the language.
    const language = String(node.attrs['language'] ?? '').replace(/[\s`]/g, '')
    state.write(`${fence}${language}\n`)
    state.text(node.textContent, false)
    state.write('\n')
    state.write(fence)
    state.closeBlock(node)
  },
  image(state, node) {
    const alt = state.esc((node.attrs['alt'] as string | null) ?? '').replace(/\s+/g, ' ')
    state.write(`![${alt}](${address(node.attrs['src'])})`)
    state.closeBlock(node)
  },
  divider(state, node) {
    state.write('---')
    state.closeBlock(node)
  },
  page_break(state, node) {
    state.write('<div style="break-after: page;"></div>')
    state.closeBlock(node)
  },
  math_block: writeMathBlock,
  table(state, node) {
    writeTable(state, node)
  },
  text(state, node, parent, index) {
    const text = (node.text ?? '').replace(/\s*\n\s*/g, ' ')
    const isFirst = index === 0 || parent.child(index - 1).type.name === 'hard_break'
    let written = state.esc(isFirst ? text.replace(/^[ \t]+/, '') : text)
    if (isFirst) written = atLineStart(written)
    written = withoutMathSigns(written, parent)
    const isLast = index === parent.childCount - 1
    // Number signs at the end of a heading would belong to its sign.
    if (isLast && parent.type.name === 'heading') written = written.replace(/#(\s*)$/, '\\#$1')
    state.text(written, false)
  },
  mention: (state, node, parent) =>
    state.text(withoutMathSigns(state.esc(node.textContent), parent), false),
  math_inline: writeInlineMath,
  hard_break(state, _, parent, index) {
    if (parent.type.name === 'heading') state.write('<br>')
    // At the end of a block Markdown has no break; the line ends there anyway.
    else if (index < parent.childCount - 1) state.write('\\\n')
  },
}

const htmlMark = (name: string) => ({
  open: `<${name}>`,
  close: `</${name}>`,
  mixable: true,
  expelEnclosingWhitespace: true,
})
/** What would make a list, a heading, a quote or the line under a heading of the text that follows a line's start. */
function atLineStart(text: string): string {
  return text.replace(/^[-+>=#]/, '\\$&').replace(/^(\d+)([.)])/, '$1\\$2')
}

/** Between as many backticks as it needs, and not escaped. */
const backticks = must(defaultMarkdownSerializer.marks['code'], 'Markdown has code')
const nothing = { open: '', close: '', mixable: true }

const marks: ConstructorParameters<typeof MarkdownSerializer>[1] = {
  bold: emphasis('**', 'strong'),
  italic: emphasis('*', 'em'),
  strike: emphasis('~~', 's'),
  code: backticks,
  link: {
    open: '[',
    close: (_: MarkdownSerializerState, mark: Mark) => `](${address(mark.attrs['href'])})`,
    mixable: true,
  },
  underline: htmlMark('u'),
  superscript: htmlMark('sup'),
  subscript: htmlMark('sub'),
  highlight: htmlMark('mark'),
  color: nothing,
  font: nothing,
  font_size: nothing,
}

/** An address between the brackets of a link: nothing in it may end them. */
function address(value: unknown): string {
  const text = typeof value === 'string' ? value : ''
  const escaped = text.replace(/[<>\s\\]/g, (sign) => encodeURIComponent(sign))
  return /[()]/.test(escaped) ? `<${escaped}>` : escaped
}

// `<` and `&` would begin HTML, `|` would end a cell.
const serializer: MarkdownSerializer = new MarkdownSerializer(nodes, marks, {
  escapeExtraCharacters: /[<&|]/g,
})

/** The Markdown of a document of the schema, without a line feed at the end. */
export function markdownOf(doc: Node): string {
  return serialize(withPlainSpaces(outlineOf(doc)))
}

/** Without marks on white space alone: a sign around nothing is none, and would be shown. */
function withPlainSpaces(node: Node): Node {
  // Nothing but text keeps marks when it is stored.
  if (node.type.name === 'math_inline') return node.mark([])
  if (node.isText) {
    const isShown = ({ type }: Mark): boolean => type.name === 'link' || type.name === 'code'
    return /\S/.test(node.text ?? '') ? node : node.mark(node.marks.filter(isShown))
  }
  return node.copy(Fragment.from(node.children.map(withPlainSpaces)))
}

const serialize = (node: Node): string => serializer.serialize(node, { tightLists: true })

/** A table of GitHub's kind has one heading row and one line for each cell; what spans several gets empty ones beside it. */
function writeTable(state: MarkdownSerializerState, table: Node): void {
  const rows = table.children.map((row) =>
    row.children.flatMap((cell) => {
      const text = serialize(withMathInLines(cell))
        .trim()
        .replace(/\\?\n+/g, '<br>')
        // In code it is not escaped yet, and would end the cell there, too.
        .replace(/(?<!\\)\|/g, '\\|')
      const empty = Array.from({ length: Number(cell.attrs['colspan']) - 1 }, () => '')
      return [text, ...empty]
    }),
  )
  const width = Math.max(1, ...rows.map(({ length }) => length))
  const isHeading =
    table.firstChild?.children.some(({ attrs }) => attrs['header'] === true) ?? false
  const lines = isHeading ? rows : [[], ...rows]
  const written = lines.map((cells) => {
    const all = Array.from({ length: width }, (_, at) => cells[at] ?? '')
    return `| ${all.join(' | ')} |`
  })
  const ruled = Array.from({ length: width }, (_, at) => rule(table.firstChild?.maybeChild(at)))
  written.splice(1, 0, `| ${ruled.join(' | ')} |`)
  for (const line of written) {
    state.ensureNewLine()
    state.write(line)
  }
  state.closeBlock(table)
}

/** The line under the head of a column, with its alignment. */
function rule(cell: Node | null | undefined): string {
  const align = cell?.attrs['align'] as string | null | undefined
  if (align === 'center') return ':---:'
  return align === 'right' ? '---:' : align === 'left' ? ':---' : '---'
}
