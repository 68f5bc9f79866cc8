/**
 * Formulas in Markdown, by the rule of pandoc: `$x$` in a line, where the first sign has something to
 * its right, the last one something to its left and no digit behind it; `$$` around a block, without a
 * blank line in it. GitHub's forms are read too, and written where those of pandoc cannot say a formula:
 * a fence named `math`, and backticks inside the signs.
 */
import type MarkdownIt from 'markdown-it'
import type { MarkdownSerializerState } from 'prosemirror-markdown'
import { Fragment, type Node } from 'prosemirror-model'
import { texCharsMax, texOf } from '../schema/math.ts'

const sign = '$'.charCodeAt(0)

// None goes beyond the next sign that is not escaped, so a line is looked at once.
const ticked = /\$`([^`]+)`\$/y
const doubled = /\$\$((?:[^\\$]|\\[\s\S])+)\$\$/y
const plain = /\$((?!\s)(?:[^\\$]|\\[\s\S])*?(?:[^\\$\s]|\\[^\s]))\$(?!\d)/y
const isPlain = (tex: string): boolean =>
  /^(?![\s`])(?:[^\\$]|\\[\s\S])*?(?:[^\\$\s]|\\[^\s])$/.test(tex)

/** Teaches a parser formulas: tokens `math_inline` and `math_block`, with the TeX as their content. */
export function withMath(parser: MarkdownIt): MarkdownIt {
  parser.inline.ruler.before('escape', 'math_inline', (state, isSilent) => {
    if (state.src.charCodeAt(state.pos) !== sign) return false
    for (const form of [ticked, doubled, plain]) {
      form.lastIndex = state.pos
      const [whole, inner] = form.exec(state.src) ?? []
      const tex = inner?.trim().replace(/\s*\n\s*/g, ' ') ?? ''
      if (whole === undefined || state.pos + whole.length > state.posMax) continue
      if (tex === '' || tex.length > texCharsMax) continue
      if (!isSilent) state.push('math_inline', 'math', 0).content = tex
      state.pos += whole.length
      return true
    }
    return false
  })
  const block: Parameters<typeof parser.block.ruler.before>[2] = (state, first, end, isSilent) => {
    const lineAt = (line: number): string =>
      state.src.slice((state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0), state.eMarks[line])
    const opening = lineAt(first).trimEnd()
    if (!opening.startsWith('$$') || (state.sCount[first] ?? 0) - state.blkIndent >= 4) return false
    const lines: string[] = [opening.slice(2)]
    let last = first
    while (!lines.at(-1)?.trimEnd().endsWith('$$')) {
      // A block that is not closed is a line of text.
      if (lines.slice(0, -1).some((line) => line.includes('$$'))) return false
      last += 1
      const isInside = last < end && (state.sCount[last] ?? 0) >= state.blkIndent
      if (!isInside || state.isEmpty(last)) return false
      lines.push(state.getLines(last, last + 1, state.sCount[first] ?? 0, false))
    }
    const closing = lines.pop()?.trimEnd().slice(0, -2) ?? ''
    const parts = [...lines, closing].map((line, at) => (at === 0 ? line.trimStart() : line))
    if (parts.at(-1)?.trim() === '') parts.pop()
    if (parts.length > 1 && parts[0]?.trim() === '') parts.shift()
    const tex = lines.length === 0 ? closing.trim() : parts.join('\n')
    if (tex.trim() === '' || tex.includes('$$') || tex.length > texCharsMax) return false
    if (isSilent) return true
    const token = state.push('math_block', 'math', 0)
    token.block = true
    token.content = tex
    state.line = last + 1
    return true
  }
  parser.block.ruler.before('fence', 'math_block', block, {
    alt: ['paragraph', 'reference', 'blockquote', 'list'],
  })
  return parser
}

/** A formula in a line, with what stands behind it in its block. */
export function writeInlineMath(
  state: MarkdownSerializerState,
  node: Node,
  parent: Node,
  index: number,
): void {
  const tex = texOf(node).replace(/\s*\n\s*/g, ' ')
  const next = index + 1 < parent.childCount ? parent.child(index + 1).text : undefined
  if (isPlain(tex) && !/^\d/.test(next ?? '')) state.text(`$${tex}$`, false)
  else if (tex.trim() !== '')
    state.text(tex.includes('`') ? `\`\` ${tex} \`\`` : `$\`${tex}\`$`, false)
}

export function writeMathBlock(state: MarkdownSerializerState, node: Node): void {
  const tex = texOf(node)
  // A blank line ends a block of pandoc's, and so do its own signs.
  const isFenced = tex.includes('$$') || /^\s*$/m.test(tex)
  const [start, end] = isFenced ? ['```math', '```'] : ['$$', '$$']
  state.write(`${start}\n`)
  state.text(tex, false)
  state.write('\n')
  state.write(end)
  state.closeBlock(node)
}

/** `text` with the signs in it that could be read as those of a formula escaped; `parent` is its block. */
export function withoutMathSigns(text: string, parent: Node): string {
  return text.includes('$') && signsIn(parent) > 1 ? text.replaceAll('$', '\\$') : text
}

function signsIn({ children }: Node): number {
  const written = children.map(({ type, text, marks }) =>
    type.name === 'math_inline'
      ? '$$'
      : `${text ?? ''}${marks.map(({ attrs }) => String(attrs['href'] ?? '')).join('')}`,
  )
  return written.join('').split('$').length - 1
}

/** A cell is one line, and `\|` in it a bar: its formulas stand in lines, and say their double bars by name. */
export function withMathInLines(cell: Node): Node {
  const { paragraph, math_inline: inline } = cell.type.schema.nodes
  const tex = texOf(cell).replaceAll('\\|', '\\Vert ').trim()
  if (cell.type.name === 'math_inline') return cell.type.create({ tex }, null, cell.marks)
  if (cell.type.name === 'math_block' && paragraph && inline) {
    return paragraph.create(null, inline.create({ tex }))
  }
  return cell.isText ? cell : cell.copy(Fragment.from(cell.children.map(withMathInLines)))
}
