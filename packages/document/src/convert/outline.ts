/**
 * A document as an outline: flat blocks become nested lists, and neighbouring quotes one quote. Pure.
 *
 * 1. Every block is in the outline once, in its order.
 * 2. An item one step deeper than the one before lies in it; one that is several steps deeper lies in
 *    it as if it were one.
 * 3. A line that is no item and stands one step in from an item belongs to it.
 * 4. What belongs to a toggle lies in it; a caption lies with what it stands below.
 */
import type { Mark, Node } from 'prosemirror-model'
import type { BlockAttributes } from '../schema/block.ts'
import { lockedWords } from '../schema/nodes.ts'
import { toggleEnd } from '../schema/toggle.ts'
import { outlineSchema } from './outline-schema.ts'

/** A list that may still get items, and its last item's content. */
interface OpenList {
  readonly name: 'bullet_list' | 'number_list'
  /** A list of tasks takes no others: in HTML they look alike, in Markdown they do not. */
  readonly isTasks: boolean
  readonly items: OpenItem[]
}
interface OpenItem {
  readonly checked: boolean | null
  readonly content: (Node | OpenList)[]
}

const isList = (part: Node | OpenList): part is OpenList => 'items' in part

/** The outline of `doc`, a document of the schema. */
export function outlineOf(doc: Node): Node {
  return outlineSchema.node('doc', null, flowOf(doc))
}

/** Of the blocks of `parent` from the index `from` to `to`; `base` of their indents is that of what they lie in. */
function flowOf(parent: Node, from = 0, to: number = parent.childCount, base = 0): Node[] {
  const flow: (Node | OpenList)[] = []
  /** From the outermost to the innermost list that is open. */
  let open: OpenList[] = []
  let last: Node | undefined
  for (let index = from; index < to; index++) {
    const block = parent.child(index)
    const { kind } = block.attrs as BlockAttributes
    const indent = Math.max(0, Number(block.attrs['indent'] ?? 0) - base)
    if (
      block.type.name === 'block' &&
      (kind === 'bullet' || kind === 'number' || kind === 'task')
    ) {
      open = open.slice(0, Math.min(indent, open.length) + 1)
      addItem(flow, open, indent, block)
      last = undefined
      continue
    }
    const depth = block.type.name === 'block' ? indent : 0
    open = open.slice(0, depth)
    const at =
      open.length > 0 && depth === open.length ? open.at(-1)?.items.at(-1)?.content : undefined
    const content = at ?? flow
    if (!at) open = []
    const inside = at ? 0 : depth
    let node = lineOf(block, inside)
    if (kind === 'toggle') {
      const end = Math.min(to, toggleEnd(parent, index))
      const flow = flowOf(parent, index + 1, end, base + indent + 1)
      node = outlineSchema.node('details', { indent: inside }, [node, ...flow])
      index = end - 1
    }
    const joined = last && last === content.at(-1) ? joinedAsOne(last, node) : undefined
    if (joined) content[content.length - 1] = joined
    else content.push(node)
    last = joined ?? node
  }
  return flow.map(closed)
}

function addItem(flow: (Node | OpenList)[], open: OpenList[], indent: number, block: Node): void {
  const { kind, checked } = block.attrs as BlockAttributes
  const name = kind === 'number' ? 'number_list' : 'bullet_list'
  const isTasks = kind === 'task'
  const depth = Math.min(indent, open.length)
  let list = open[depth]
  if (list && (list.name !== name || list.isTasks !== isTasks)) {
    open.length = depth
    list = undefined
  }
  if (!list) {
    list = { name, isTasks, items: [] }
    const parent = open[depth - 1]?.items.at(-1)?.content ?? flow
    parent.push(list)
    open.push(list)
  }
  list.items.push({
    checked: isTasks ? checked === true : null,
    content: [paragraph(block, 0)],
  })
}

function closed(part: Node | OpenList): Node {
  if (!isList(part)) return part
  const items = part.items.map(({ checked, content }) =>
    outlineSchema.node('item', { checked }, content.map(closed)),
  )
  const tight = items.every((item) => item.children.slice(1).every(isItsList))
  return outlineSchema.node(part.name, { tight }, items)
}

const isItsList = ({ type }: Node): boolean => type.name.endsWith('_list')

/** Anything but a list item. */
function lineOf(node: Node, indent: number): Node {
  if (node.type.name === 'locked') {
    return outlineSchema.node('paragraph', null, [outlineSchema.text(lockedWords)])
  }
  if (node.type.name !== 'block') return copied(node)
  const { kind, level, tone } = node.attrs as BlockAttributes
  switch (kind) {
    case 'heading':
      return outlineSchema.node(
        'heading',
        { ...lineAttributes(node, indent), level: level ?? 1 },
        inlineOf(node),
      )
    case 'quote':
      return outlineSchema.node('quote', null, [paragraph(node, indent)])
    case 'callout':
      return outlineSchema.node('alert', { tone }, [
        paragraph(node, indent, { callout: true, tone }),
      ])
    case 'toggle':
      return outlineSchema.node('summary', lineAttributes(node, 0), inlineOf(node))
    case 'caption':
      return outlineSchema.node('caption', lineAttributes(node, indent), inlineOf(node))
    case 'paragraph':
    case 'bullet':
    case 'number':
    case 'task':
      return paragraph(node, indent)
  }
}

function paragraph(block: Node, indent: number, more: object = {}): Node {
  const attrs = { ...lineAttributes(block, indent), ...more }
  return outlineSchema.node('paragraph', attrs, inlineOf(block))
}

function lineAttributes(block: Node, indent: number): object {
  const { align, dir } = block.attrs as BlockAttributes
  return { align, dir, indent }
}

/** Two neighbours as one, where they are one for other programs. */
function joinedAsOne(one: Node, other: Node): Node | undefined {
  const isFigure = other.type.name === 'caption' && captioned.has(one.type.name)
  return isFigure ? outlineSchema.node('figure', null, [one, other]) : joinQuotes(one, other)
}

const captioned: ReadonlySet<string> = new Set(['image', 'table', 'code_block'])

function joinQuotes(one: Node, other: Node): Node | undefined {
  const isJoined =
    one.type === other.type &&
    (one.type.name === 'quote' ||
      (one.type.name === 'alert' && one.attrs['tone'] === other.attrs['tone']))
  return isJoined ? one.copy(one.content.append(other.content)) : undefined
}

const inlineOf = (block: Node): Node[] => block.children.map(copied)

/** A node that both schemas have; the content of a table's cells becomes an outline of its own. */
function copied(node: Node): Node {
  if (node.isText) return outlineSchema.text(node.text ?? '', node.marks.map(markOf))
  const content = node.type.name === 'table_cell' ? flowOf(node) : node.children.map(copied)
  return outlineSchema.node(node.type.name, node.attrs, content, node.marks.map(markOf))
}

const markOf = (mark: Mark): Mark => outlineSchema.mark(mark.type.name, mark.attrs)
