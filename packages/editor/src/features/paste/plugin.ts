/**
 * Paste and copy of text. HTML goes through the schema's parser, which knows only safe nodes, marks
 * and addresses; plain text becomes a paragraph per line, or a table when it is one.
 */
import { safeHref } from '@quire/document'
import { Fragment, type Mark, type Node, type Schema, Slice } from 'prosemirror-model'
import { Plugin } from 'prosemirror-state'
import { isMark, isNode } from '../../shape.ts'
import { plainText } from '../blocks/set-kind.ts'
import { luminance } from '../colors/luminance.ts'
import { asItself } from './as-itself.ts'
import { clipboardSerializerOf } from './clipboard-serializer.ts'
import { cellsFromText, tableOfText } from './tab-separated.ts'
import { readWordLists } from './word-lists.ts'

/** Plain text as blocks: a paragraph a line, empty lines left out, open at both ends so that one line joins the text around it. */
export function sliceFromText(
  schema: Schema,
  text: string,
  marksThere: readonly Mark[] = [],
): Slice {
  const lines = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n')
  const blocks = lines
    .filter((line, index) => line.trim() !== '' || lines.length === 1 || index === 0)
    .map((line) => schema.node('block', null, line ? [schema.text(line, marksThere)] : []))
  return new Slice(Fragment.from(blocks), 1, 1)
}

/** The text other programs get: a line a block, no blank lines between. */
export function textFromSlice(slice: Slice): string {
  const lines: string[] = []
  const collect = (node: Node): void => {
    if (node.isTextblock) lines.push(plainText(node))
    else if (isNode(node, 'table_row')) {
      lines.push(
        node.children.map((cell) => cell.textBetween(0, cell.content.size, ' ')).join('\t'),
      )
    } else if (node.isText) lines.push(node.text ?? '')
    else node.forEach(collect)
  }
  slice.content.forEach(collect)
  return lines.join('\n')
}

/** Somebody else's black or white: kept, it could not be read in the other theme. */
function isPlainInk(color: string): boolean {
  const light = luminance(color)
  return light < 0.04 || light > 0.75
}

/** Whether a mark of pasted content may stay: safe links, and colours that are meant as such. */
function isKept(mark: Mark): boolean {
  if (isMark(mark, 'link')) return safeHref(mark.attrs['href']) !== undefined
  if (isMark(mark, 'color')) return !isPlainInk(String(mark.attrs['color']))
  return true
}

/** Pasted content with the marks that may stay. */
function cleaned(slice: Slice): Slice {
  const clean = (fragment: Fragment): Fragment => {
    const kept: Node[] = []
    fragment.forEach((node) => {
      const checked = node.marks.every(isKept) ? node : node.mark(node.marks.filter(isKept))
      kept.push(checked.isLeaf ? checked : checked.copy(clean(checked.content)))
    })
    return Fragment.fromArray(kept)
  }
  return new Slice(clean(slice.content), slice.openStart, slice.openEnd)
}

const controls = 'button, fieldset, img, input, object, output, select, textarea'

/** Pasted HTML without what could run or style the page, and with lists where Word has paragraphs. The schema would not keep it either; this keeps it from ever being part of a page. */
export function inertHtml(html: string): string {
  // A page with a content security policy complains about handlers even in a document that is only
  // parsed. So they lose their names before; what this overlooks is removed below.
  const tame = html.replace(/<[a-z][^>]*>/gi, (tag) =>
    tag.replace(/\son[a-z]+(\s*=\s*["'])/gi, ' data-dropped$1'),
  )
  const { body } = new DOMParser().parseFromString(tame, 'text/html')
  for (const element of body.querySelectorAll('script, style, link, meta, iframe, object, embed')) {
    element.remove()
  }
  // A form takes the names of its controls for its own members, its functions among them.
  for (const control of body.querySelectorAll(controls)) {
    control.removeAttribute('name')
    control.removeAttribute('id')
  }
  for (const element of body.querySelectorAll('*')) {
    for (const name of element.getAttributeNames()) {
      if (name.startsWith('on') || name === 'data-dropped') element.removeAttribute(name)
    }
  }
  readWordLists(body)
  return body.innerHTML
}

export function pastePlugin(schema: Schema): Plugin {
  return new Plugin({
    props: {
      clipboardTextParser(text, $context, isPlain) {
        const cells = isPlain ? null : cellsFromText(text)
        if (cells) return new Slice(Fragment.from(tableOfText(schema, cells)), 0, 0)
        return sliceFromText(schema, text, $context.marks())
      },
      clipboardTextSerializer: textFromSlice,
      transformPastedHTML: inertHtml,
      // What is moved within the document comes from it and is clean. It has to stay the very same blocks:
      // by that the binding knows a move, and takes along what a colleague is typing in them.
      transformPasted: (slice, view) =>
        view.dragging?.slice === slice ? slice : asItself(cleaned(slice), view.state),
      clipboardSerializer: clipboardSerializerOf(schema),
    },
  })
}
