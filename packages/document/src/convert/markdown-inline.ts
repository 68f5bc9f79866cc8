/**
 * The inside of a line of Markdown: text with its marks, breaks, and images, which part the line. Tags
 * of HTML count where they are marks that Markdown lacks a sign for; other tags are their letters.
 */
import type MarkdownIt from 'markdown-it'
import { type Mark, Node } from 'prosemirror-model'
import { safeHref, safeImageSource } from '../link.ts'
import { schema } from '../schema.ts'

type Token = ReturnType<MarkdownIt['parse']>[number]

/** A run of text, never empty, or an image between two of them. */
export type Inline = readonly Node[] | Node

export const isImage = (part: Inline): part is Node => part instanceof Node

/** What each tag of HTML means in a line. */
const markByTag: Readonly<Record<string, string>> = {
  b: 'bold',
  del: 'strike',
  em: 'italic',
  i: 'italic',
  ins: 'underline',
  mark: 'highlight',
  s: 'strike',
  strong: 'bold',
  sub: 'subscript',
  sup: 'superscript',
  u: 'underline',
}

/** What `<mark>` is without a colour; as it is read from HTML. */
const highlightColor = '#fff3a3'

const markByToken: Readonly<Record<string, string>> = { em: 'italic', strong: 'bold', s: 'strike' }

/** The parts of a line. Images whose address may not be shown are their descriptions. */
export function inlineOf(tokens: readonly Token[]): Inline[] {
  const line = new Line()
  for (const token of tokens) line.read(token)
  return line.end()
}

class Line {
  readonly #parts: Inline[] = []
  #run: Node[] = []
  /** Innermost last. A link that may not be followed is kept as null, so that its end finds it. */
  readonly #marks: { readonly name: string; readonly mark: Mark | null }[] = []

  read(token: Token): void {
    const { type, content } = token
    const name = markByToken[type.replace(/_(open|close)$/, '')]
    if (name !== undefined) {
      if (token.nesting > 0) this.#open(name, schema.mark(name))
      else this.#close(name)
      return
    }
    switch (type) {
      case 'text':
      case 'text_special':
        this.#text(content)
        break
      case 'code_inline':
        this.#text(content, schema.mark('code'))
        break
      case 'softbreak':
        this.#text(' ')
        break
      case 'hardbreak':
        this.#run.push(schema.node('hard_break'))
        break
      case 'link_open': {
        const href = safeHref(token.attrGet('href'))
        this.#open('link', href === undefined ? null : schema.mark('link', { href }))
        break
      }
      case 'link_close':
        this.#close('link')
        break
      case 'image':
        this.#image(token)
        break
      case 'html_inline':
        this.#tag(content)
        break
      case 'math_inline':
        this.#run.push(schema.node('math_inline', { tex: content }))
        break
      default:
        this.#text(content)
    }
  }

  end(): Inline[] {
    this.#endRun()
    return this.#parts
  }

  #text(content: string, more?: Mark): void {
    // A tag may go over several lines, and `&#10;` is a line feed; here a line is one line.
    const text = content.replace(/\s*[\r\n]\s*/g, ' ')
    if (text === '') return
    const marks = this.#marks.flatMap(({ mark }) => mark ?? [])
    const all = (more ? [...marks, more] : marks).reduce<readonly Mark[]>(
      (set, mark) => mark.addToSet(set),
      [],
    )
    this.#run.push(schema.text(text, all))
  }

  #image(token: Token): void {
    const alt = wordsOf(token.children ?? [])
      .trim()
      .slice(0, 1_000)
    const src = safeImageSource(token.attrGet('src'))
    if (src === undefined) {
      this.#text(alt)
      return
    }
    this.#endRun()
    this.#parts.push(schema.node('image', { src, alt: alt === '' ? null : alt }))
  }

  #tag(html: string): void {
    const [, end, tag = ''] = /^<(\/?)([a-z]+)\s*\/?>$/i.exec(html) ?? []
    const name = Object.hasOwn(markByTag, tag.toLowerCase())
      ? markByTag[tag.toLowerCase()]
      : undefined
    if (tag.toLowerCase() === 'br') this.#run.push(schema.node('hard_break'))
    else if (name === undefined) {
      if (!html.startsWith('<!--')) this.#text(html)
    } else if (end === '') {
      this.#open(name, schema.mark(name, name === 'highlight' ? { color: highlightColor } : null))
    } else this.#close(name)
  }

  #open(name: string, mark: Mark | null): void {
    this.#marks.push({ name, mark })
  }

  #close(name: string): void {
    const at = this.#marks.findLastIndex((open) => open.name === name)
    if (at >= 0) this.#marks.splice(at, 1)
  }

  /** Ends a run of text; spaces and breaks at its edges stand beside nothing any more. */
  #endRun(): void {
    const run = trimmed(joined(this.#run))
    this.#run = []
    if (run.length > 0) this.#parts.push(run)
  }
}

/** What a description says, without its formatting. */
function wordsOf(tokens: readonly Token[]): string {
  return tokens
    .map(({ type, content, children }) => {
      if (type === 'softbreak' || type === 'hardbreak') return ' '
      return type === 'image' ? wordsOf(children ?? []) : type.startsWith('html') ? '' : content
    })
    .join('')
    .replace(/\s+/g, ' ')
}

/** Neighbours of the same marks as one text. */
function joined(nodes: readonly Node[]): Node[] {
  const done: Node[] = []
  for (const node of nodes) {
    const last = done.at(-1)
    if (last?.isText && node.isText && last.sameMarkup(node)) {
      done[done.length - 1] = schema.text(`${last.text ?? ''}${node.text ?? ''}`, node.marks)
    } else done.push(node)
  }
  return done
}

function trimmed(nodes: readonly Node[]): Node[] {
  const run = [...nodes]
  const cut = (index: number, pattern: RegExp): boolean => {
    const node = run.at(index)
    if (!node || node.type.name === 'math_inline') return false
    const isCode = node.marks.some(({ type }) => type.name === 'code')
    if (node.isText && (isCode || !pattern.test(node.text ?? ''))) return false
    const text = node.isText ? (node.text ?? '').replace(pattern, '') : ''
    run.splice(index, 1, ...(text === '' ? [] : [schema.text(text, node.marks)]))
    return text === ''
  }
  while (cut(0, /^[ \t\n]+/));
  while (cut(-1, /[ \t\n]+$/));
  return run
}
