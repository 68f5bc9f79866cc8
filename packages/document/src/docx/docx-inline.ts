/** The inside of a line for Word: runs of text with their formatting, links, breaks. */
import {
  AlignmentType,
  ExternalHyperlink,
  type IRunOptions,
  ShadingType,
  TextRun,
  UnderlineType,
} from 'docx'
import type { Mark, Node } from 'prosemirror-model'
import type { BlockAttributes } from '../schema/block.ts'

type Alignment = (typeof AlignmentType)[keyof typeof AlignmentType]

export const alignments: Readonly<Record<NonNullable<BlockAttributes['align']>, Alignment>> = {
  left: AlignmentType.START,
  center: AlignmentType.CENTER,
  right: AlignmentType.END,
  justify: AlignmentType.JUSTIFIED,
}

/** The children of a paragraph; neighbours of one link are one link. */
export function runsOf(block: Node): (TextRun | ExternalHyperlink)[] {
  const done: (TextRun | ExternalHyperlink)[] = []
  let open: { readonly href: string; readonly runs: TextRun[] } | undefined
  const close = (): void => {
    if (open) done.push(new ExternalHyperlink({ link: open.href, children: open.runs }))
    open = undefined
  }
  for (const child of block.children) {
    const href = child.marks.find(({ type }) => type.name === 'link')?.attrs['href'] as
      | string
      | undefined
    if (open?.href !== href) close()
    const run = runOf(child, href !== undefined)
    if (href === undefined) done.push(run)
    else if (open) open.runs.push(run)
    else open = { href, runs: [run] }
  }
  close()
  return done
}

function runOf(node: Node, isLink: boolean): TextRun {
  if (node.type.name === 'hard_break') return new TextRun({ break: 1 })
  const formats = node.marks.map(formatOf)
  const text = node.isText ? (node.text ?? '') : node.textContent
  const style = isLink
    ? { style: 'Hyperlink' }
    : node.type.name === 'math_inline'
      ? { style: 'VerbatimChar' }
      : {}
  return new TextRun(Object.assign({ text }, style, ...formats) as IRunOptions)
}

const hex = (mark: Mark): string => String(mark.attrs['color']).slice(1)

function formatOf(mark: Mark): IRunOptions {
  switch (mark.type.name) {
    case 'bold':
      return { bold: true }
    case 'italic':
      return { italics: true }
    case 'underline':
      return { underline: { type: UnderlineType.SINGLE } }
    case 'strike':
      return { strike: true }
    case 'code':
      return { style: 'VerbatimChar' }
    case 'superscript':
      return { superScript: true }
    case 'subscript':
      return { subScript: true }
    case 'color':
      return { color: hex(mark) }
    case 'font':
      return { font: String(mark.attrs['family']) }
    case 'font_size':
      // Half points.
      return { size: Number(mark.attrs['points']) * 2 }
    case 'highlight':
      return { shading: { type: ShadingType.CLEAR, fill: hex(mark) } }
    default:
      return {}
  }
}
