/**
 * Documents as a person would jot them down, for tests: a line a block, two spaces an indent.
 *
 *     p text   h2 text   - bullet   # number   [ ] task   [x] task   > quote   ! callout   + toggle   ^ caption
 *     ``` code (⏎ for a new line)   ---   img
 *
 * `|` is the caret; `‹` and `›` are the ends of a selection.
 */
import { schema } from '@quire/document'
import { Fragment, type Node } from 'prosemirror-model'
import { EditorState, type Plugin, TextSelection, type Transaction } from 'prosemirror-state'
import { commandOf, type Edit } from '../src/edit.ts'

const patterns: readonly [RegExp, (match: RegExpExecArray) => Record<string, unknown>][] = [
  [/^h([1-6]) ?/, (m) => ({ kind: 'heading', level: Number(m[1]) })],
  [/^\[( |x)\] ?/, (m) => ({ kind: 'task', checked: m[1] === 'x' ? true : null })],
  [/^- ?/, () => ({ kind: 'bullet' })],
  [/^# ?/, () => ({ kind: 'number' })],
  [/^> ?/, () => ({ kind: 'quote' })],
  [/^! ?/, () => ({ kind: 'callout' })],
  [/^\+ ?/, () => ({ kind: 'toggle' })],
  [/^\^ ?/, () => ({ kind: 'caption' })],
  [/^p ?/, () => ({ kind: 'paragraph' })],
]

/** A state from the notation, with its selection. */
export function stateOf(text: string, plugins: Plugin[] = []): EditorState {
  const blocks: Node[] = []
  let anchor: number | null = null
  let head: number | null = null
  let pos = 0
  for (const line of text.split('\n').filter((l) => l.trim() !== '')) {
    const block = blockOf(line, (offset, sign) => {
      const at = pos + 1 + offset
      if (sign !== '›') anchor = at
      if (sign !== '‹') head = at
    })
    blocks.push(block)
    pos += block.nodeSize
  }
  const doc = schema.topNodeType.create(null, blocks)
  const state = EditorState.create({ doc, plugins })
  if (anchor === null) return state
  return state.apply(state.tr.setSelection(TextSelection.create(state.doc, anchor, head ?? anchor)))
}

function blockOf(line: string, mark: (offset: number, sign: string) => void): Node {
  const indent = (/^ */.exec(line)?.[0].length ?? 0) / 2
  let rest = line.trimStart()
  const make = (name: string, attrs: Record<string, unknown> | null, content: string): Node => {
    let plain = ''
    for (const char of content) {
      if (char === '|' || char === '‹' || char === '›') mark(plain.length, char)
      else plain += char === '⏎' ? '\n' : char
    }
    const type = schema.nodes[name]
    if (!type) throw new Error(`no node ${name}`)
    return type.create(attrs, inline(plain, name === 'code_block'))
  }
  if (rest.startsWith('```')) return make('code_block', null, rest.slice(4))
  if (rest === '---') return schema.nodes['divider']!.create()
  if (rest === 'img') return schema.nodes['image']!.create({ src: '/a.png' })
  for (const [pattern, attrs] of patterns) {
    const match = pattern.exec(rest)
    if (!match) continue
    rest = rest.slice(match[0].length)
    return make('block', { ...attrs(match), indent }, rest)
  }
  throw new Error(`cannot read ${line}`)
}

function inline(text: string, isCode: boolean): Fragment {
  if (!text) return Fragment.empty
  if (isCode) return Fragment.from(schema.text(text))
  return Fragment.fromArray(
    text
      .split(/(\n)/)
      .filter(Boolean)
      .map((part) => (part === '\n' ? schema.nodes['hard_break']!.create() : schema.text(part))),
  )
}

/** The notation of a state, with its selection when it is in text. */
export function show(state: Pick<EditorState, 'doc' | 'selection'>): string {
  const { anchor, head } = state.selection
  const isText = state.selection instanceof TextSelection
  const lines: string[] = []
  state.doc.forEach((node, offset) => {
    const { kind, level, checked, indent } = node.attrs
    if (node.type.name === 'divider') return lines.push('---')
    if (node.type.name === 'image') return lines.push('img')
    if (node.type.name === 'table') return lines.push('table')
    let text = node.textBetween(0, node.content.size, '⏎', '⏎').replaceAll('\n', '⏎')
    if (isText) {
      const start = offset + 1
      const isIn = (at: number) => at >= start && at <= start + node.content.size
      const signs =
        anchor === head
          ? [[head, '|']]
          : [
              [anchor, anchor < head ? '‹' : '›'],
              [head, anchor < head ? '›' : '‹'],
            ]
      for (const [at, sign] of signs.sort((a, b) => Number(b[0]) - Number(a[0]))) {
        if (isIn(Number(at))) {
          const cut = Number(at) - start
          text = text.slice(0, cut) + String(sign) + text.slice(cut)
        }
      }
    }
    const sign: Record<string, string> = {
      paragraph: 'p',
      heading: `h${level ?? 1}`,
      bullet: '-',
      number: '#',
      task: checked ? '[x]' : '[ ]',
      quote: '>',
      callout: '!',
      toggle: '+',
      caption: '^',
    }
    const lead = node.type.name === 'code_block' ? '```' : sign[String(kind)]
    return lines.push(`${'  '.repeat(Number(indent ?? 0))}${lead} ${text}`.trimEnd())
  })
  return lines.join('\n')
}

/** The notation after an edit; `null` when it did not apply. */
export function after(text: string, edit: Edit): string | null {
  const state = stateOf(text)
  let result: Transaction | null = null
  if (
    !commandOf(edit)(state, (tr) => {
      result = tr
    })
  )
    return null
  const tr = result as Transaction | null
  tr?.doc.check()
  return tr ? show(tr) : null
}
