/**
 * What goes to the clipboard as HTML. Our lists are flat; other programs know only nested ones, so
 * list items are put into real `ul` and `ol` here. Each item carries its own `data-kind`, by which
 * our parser reads it back exactly.
 */
import { DOMSerializer, type Fragment, type Node, type Schema } from 'prosemirror-model'
import { isListKind, isNode } from '../../shape.ts'

interface OpenList {
  readonly list: HTMLElement
  readonly kind: string
  readonly indent: number
}

class NestingSerializer extends DOMSerializer {
  readonly #flat: DOMSerializer

  constructor(flat: DOMSerializer) {
    super(flat.nodes, flat.marks)
    this.#flat = flat
  }

  override serializeFragment(
    fragment: Fragment,
    options: { document?: Document } = {},
    target?: HTMLElement | DocumentFragment,
  ): HTMLElement | DocumentFragment {
    const page = options.document ?? window.document
    const into = target ?? page.createDocumentFragment()
    const open: OpenList[] = []
    fragment.forEach((node) => {
      if (!isNode(node, 'block') || !isListKind(node.attrs['kind'])) {
        open.length = 0
        into.append(this.#flat.serializeNode(node, options))
        return
      }
      listFor(open, node, into, page).append(item(node, page, this.#flat))
    })
    return into
  }
}

/** The list that an item of this kind and indent belongs in, inside the item before when it is deeper. */
function listFor(
  open: OpenList[],
  node: Node,
  into: HTMLElement | DocumentFragment,
  page: Document,
): HTMLElement {
  const kind = String(node.attrs['kind'])
  const indent = Number(node.attrs['indent'])
  while (open.length > 0) {
    const last = open[open.length - 1]!
    if (last.indent < indent || (last.indent === indent && last.kind === kind)) break
    open.pop()
  }
  const last = open.at(-1)
  if (last && last.indent === indent) return last.list
  const list = page.createElement(kind === 'number' ? 'ol' : 'ul')
  const parent = last?.list.lastElementChild ?? last?.list ?? into
  parent.append(list)
  open.push({ list, kind, indent })
  return list
}

function item(node: Node, page: Document, flat: DOMSerializer): HTMLElement {
  const li = page.createElement('li')
  const { kind, indent, checked } = node.attrs
  li.setAttribute('data-kind', String(kind))
  if (indent > 0) li.setAttribute('data-indent', String(indent))
  if (kind === 'task') li.setAttribute('data-checked', String(checked === true))
  li.append(flat.serializeFragment(node.content, { document: page }))
  return li
}

/** For the `clipboardSerializer` of an editor view. */
export const clipboardSerializerOf = (schema: Schema): DOMSerializer =>
  new NestingSerializer(DOMSerializer.fromSchema(schema))
