/**
 * Documents as Word documents: headings, lists, tables, links and pictures are those of Word, with its
 * own styles, so that they can be worked on there. Tasks are lists with boxes, callouts are shaded.
 */
import { unreachable } from '@quire/base'
import {
  AlignmentType,
  BorderStyle,
  Document,
  type IParagraphOptions,
  Packer,
  PageBreak,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx'
import type { Node } from 'prosemirror-model'
import type { BlockAttributes } from '../schema/block.ts'
import { lockedWords } from '../schema/nodes.ts'
import { type DocxImage, imageRun } from './docx-image.ts'
import { alignments, runsOf } from './docx-inline.ts'
import { ListCounter, numbering } from './docx-lists.ts'
import { characterStyles, paragraphStyles } from './docx-styles.ts'

export interface DocxWriting {
  /** The picture at an address of the document; null leaves its description in its place. Without it all are left out. When it rejects, writing does. */
  readonly loadImage?: (src: string) => Promise<DocxImage | null>
  readonly title?: string
}

/** The bytes of a .docx file. */
export async function docxOf(
  doc: Node,
  { loadImage, title }: DocxWriting = {},
): Promise<Uint8Array> {
  const images = new Map<string, DocxImage>()
  for (const src of sourcesIn(doc)) {
    const image = await loadImage?.(src)
    if (image) images.set(src, image)
  }
  const file = new Document({
    ...(title === undefined ? {} : { title }),
    numbering,
    styles: { paragraphStyles, characterStyles },
    sections: [{ children: new Writer(images).flow(doc.children) }],
  })
  return new Uint8Array(await Packer.toArrayBuffer(file))
}

function sourcesIn(doc: Node): ReadonlySet<string> {
  const sources = new Set<string>()
  doc.descendants((node) => {
    const src: unknown = node.attrs['src']
    if (node.type.name === 'image' && typeof src === 'string') sources.add(src)
    return true
  })
  return sources
}

const tones: Readonly<Record<string, string>> = {
  info: 'E7EDFC',
  success: 'E3F4E6',
  warning: 'FDF1D3',
  danger: 'FDECEB',
}

/** One step of indent, in twentieths of a point. */
const indentTwips = 720

class Writer {
  readonly #images: ReadonlyMap<string, DocxImage>
  readonly #lists = new ListCounter()

  constructor(images: ReadonlyMap<string, DocxImage>) {
    this.#images = images
  }

  flow(blocks: readonly Node[]): (Paragraph | Table)[] {
    return blocks.flatMap((block) => this.#block(block))
  }

  #block(block: Node): (Paragraph | Table)[] {
    switch (block.type.name) {
      case 'block':
        return [new Paragraph({ ...this.#line(block), children: runsOf(block) })]
      case 'code_block':
      case 'math_block':
        this.#lists.interrupt()
        return block.textContent
          .split('\n')
          .map((line) => new Paragraph({ style: 'SourceCode', children: [new TextRun(line)] }))
      case 'divider':
        this.#lists.interrupt()
        return [new Paragraph({ thematicBreak: true })]
      case 'page_break':
        this.#lists.interrupt()
        return [new Paragraph({ children: [new PageBreak()] })]
      case 'image':
        this.#lists.interrupt()
        return [this.#image(block)]
      case 'table':
        this.#lists.interrupt()
        return [this.#table(block), new Paragraph({})]
      case 'locked':
        return [new Paragraph({ children: [new TextRun({ text: lockedWords, italics: true })] })]
      default:
        return []
    }
  }

  #line(block: Node): IParagraphOptions {
    const attrs = block.attrs as BlockAttributes
    const { kind, level, indent, align, dir, tone } = attrs
    const common: IParagraphOptions = {
      ...(align === null ? {} : { alignment: alignments[align] }),
      ...(dir === 'rtl' ? { bidirectional: true } : {}),
    }
    const list = this.#lists.place(attrs)
    if (list) return { ...common, numbering: list }
    const moved = indent > 0 ? { indent: { left: indent * indentTwips } } : {}
    switch (kind) {
      case 'heading':
        return { ...common, ...moved, style: `Heading${level ?? 1}` }
      case 'quote':
        return { ...common, ...moved, style: 'Quote' }
      case 'toggle':
        return { ...common, ...moved, style: 'Toggle' }
      case 'caption':
        return { alignment: AlignmentType.CENTER, ...common, ...moved, style: 'Caption' }
      case 'callout':
        return {
          ...common,
          ...moved,
          style: 'Callout',
          shading: { type: ShadingType.CLEAR, fill: tones[tone ?? 'info'] ?? 'E7EDFC' },
        }
      case 'paragraph':
      case 'bullet':
      case 'number':
      case 'task':
        return { ...common, ...moved }
      default:
        return unreachable(kind)
    }
  }

  #image(node: Node): Paragraph {
    const { src, alt, width, align } = node.attrs
    const image = this.#images.get(String(src))
    const words = typeof alt === 'string' ? alt : ''
    return new Paragraph({
      alignment: alignments[(align as BlockAttributes['align']) ?? 'center'],
      children: image
        ? [imageRun(image, { words, width: width as number | null })]
        : [new TextRun({ text: words === '' ? String(src ?? '') : words, italics: true })],
    })
  }

  #table(table: Node): Table {
    const rows = table.children.map((row) => {
      const cells = row.children.map((cell) => this.#cell(cell))
      const isHeader = row.children.length > 0 && row.children.every((cell) => cell.attrs['header'])
      return new TableRow({ children: cells, tableHeader: isHeader })
    })
    const border = { style: BorderStyle.SINGLE, size: 4, color: 'BFBFBF' }
    return new Table({
      rows:
        rows.length > 0 ? rows : [new TableRow({ children: [new TableCell({ children: [] })] })],
      width: { size: 100, type: WidthType.PERCENTAGE },
      borders: {
        top: border,
        bottom: border,
        left: border,
        right: border,
        insideHorizontal: border,
        insideVertical: border,
      },
    })
  }

  #cell(cell: Node): TableCell {
    const { colspan, rowspan, background, header } = cell.attrs
    const fill =
      typeof background === 'string' ? background.slice(1) : header === true ? 'F2F2F2' : null
    const content = this.flow(cell.children)
    this.#lists.interrupt()
    return new TableCell({
      // Word asks for a paragraph at the end of every cell.
      children: content.at(-1) instanceof Paragraph ? content : [...content, new Paragraph({})],
      columnSpan: Number(colspan),
      rowSpan: Number(rowspan),
      ...(fill === null ? {} : { shading: { type: ShadingType.CLEAR, fill } }),
    })
  }
}
