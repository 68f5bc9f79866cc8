/**
 * Bold, italic and strikethrough in Markdown. CommonMark takes a sign such as `**` for one only where
 * what stands around it allows ("left-flanking", "right-flanking"): not between a letter and a bracket,
 * nor beside another sign of its kind. There the element of HTML is written instead.
 */
import type { Mark, Node } from 'prosemirror-model'
import type { MarkdownSerializerState } from 'prosemirror-markdown'

export interface MarkdownMark {
  readonly open: MarkdownSign
  readonly close: MarkdownSign
  readonly mixable: true
  readonly expelEnclosingWhitespace: true
}
type MarkdownSign = (
  state: MarkdownSerializerState,
  mark: Mark,
  parent: Node,
  index: number,
) => string

/** What each sign was opened as, innermost last, for each text that is being written. */
const opened = new WeakMap<MarkdownSerializerState, string[]>()

/** A mark that is written as `sign` on both sides, or as the element `tag`. */
export function emphasis(sign: string, tag: string): MarkdownMark {
  return {
    open: (state, mark, parent, index) => {
      const isSign = isPlain(parent, mark, index)
      const ends = opened.get(state) ?? []
      opened.set(state, ends)
      ends.push(isSign ? sign : `</${tag}>`)
      return isSign ? sign : `<${tag}>`
    },
    // Signs close in the reverse order of their opening, each as what it was opened as.
    close: (state) => opened.get(state)?.pop() ?? sign,
    mixable: true,
    expelEnclosingWhitespace: true,
  }
}

/**
 * Whether Markdown takes the signs around what is under `mark` from the node `from` on for what they
 * are. Wherever other marks change on the way the sign may be closed and opened again.
 */
function isPlain(parent: Node, mark: Mark, from: number): boolean {
  let at = from
  let isFine = isEdgePlain(nodeAt(parent, from - 1), nodeAt(parent, from), 'start')
  for (; isFine && mark.isInSet(nodeAt(parent, at)?.marks ?? []); at++) {
    const [node, next] = [nodeAt(parent, at), nodeAt(parent, at + 1)]
    const isSame =
      node && next && mark.isInSet(next.marks) && node.marks.length === next.marks.length
    if (!isSame) isFine = isEdgePlain(next, node, 'end')
  }
  return isFine
}

function isEdgePlain(
  outer: Node | undefined,
  inner: Node | undefined,
  edge: 'start' | 'end',
): boolean {
  const outside = edge === 'start' ? lastOf(written(outer)) : firstOf(written(outer))
  const inside = edge === 'start' ? firstOf(written(inner)) : lastOf(written(inner))
  if (inside === undefined || /\s/.test(inside)) return true // white space is put outside of the signs
  if (outside === undefined || /\s/.test(outside)) return true
  if (outer && outer.marks.length > 0) return false
  return !/[\p{P}\p{S}]/u.test(inside) || /[\p{P}\p{S}]/u.test(outside)
}

const nodeAt = (parent: Node, index: number): Node | undefined =>
  index >= 0 && index < parent.childCount ? parent.child(index) : undefined
/** A formula begins and ends with its sign. */
const written = (node: Node | undefined): string | undefined =>
  node?.type.name === 'math_inline' ? '$' : node?.text
const firstOf = (text: string | undefined): string | undefined => Array.from(text ?? '')[0]
const lastOf = (text: string | undefined): string | undefined => Array.from(text ?? '').at(-1)
