/** Trees as the JSON that ProseMirror reads and writes, and back. Keeps what the schema does not know. */
import type { ElementPart, Part, TextRun } from './content-tree.ts'

export type JsonNode = {
  readonly type: string
  readonly attrs?: Readonly<Record<string, unknown>>
  readonly content?: readonly JsonNode[]
  readonly text?: string
  readonly marks?: readonly {
    readonly type: string
    readonly attrs?: Readonly<Record<string, unknown>>
  }[]
}

/** The whole content as one `doc`. An embedded object has no place in this form and is left out. */
export function jsonOf(parts: readonly Part[]): JsonNode {
  return { type: 'doc', content: parts.flatMap(nodesOf) }
}

function nodesOf(part: Part): JsonNode[] {
  if (part.kind === 'text') return part.runs.filter(({ embed }) => !embed).map(textNode)
  const content = part.children.flatMap(nodesOf)
  return [
    {
      type: part.name,
      ...(Object.keys(part.attributes).length > 0 && { attrs: part.attributes }),
      ...(content.length > 0 && { content }),
    },
  ]
}

function textNode({ text, marks }: TextRun): JsonNode {
  const list = Object.entries(marks).map(([type, attrs]) => ({
    type: markNameOf(type),
    ...(isRecord(attrs) && Object.keys(attrs).length > 0 && { attrs }),
  }))
  return { type: 'text', text, ...(list.length > 0 && { marks: list }) }
}

/** y-prosemirror appends a hash to a mark that can stand twice on the same text. */
export function markNameOf(stored: string): string {
  return stored.replace(/--.{8}$/, '')
}

/** The parts that a `doc` in JSON says; the text of a block is one shared text. */
export function partsOf(json: JsonNode): Part[] {
  const parts: Part[] = []
  let runs: TextRun[] = []
  const close = (): void => {
    if (runs.length > 0) parts.push({ kind: 'text', runs })
    runs = []
  }
  for (const node of json.content ?? []) {
    if (node.type === 'text') {
      const marks = (node.marks ?? []).map(({ type, attrs = {} }) => [type, attrs] as const)
      runs.push({ text: node.text ?? '', marks: sorted(marks) })
      continue
    }
    close()
    parts.push(elementOf(node))
  }
  close()
  return parts
}

function elementOf(node: JsonNode): ElementPart {
  const attributes = Object.entries(node.attrs ?? {}).filter(([, value]) => value !== null)
  return {
    kind: 'element',
    name: node.type,
    attributes: sorted(attributes),
    children: partsOf(node),
  }
}

function sorted(entries: readonly (readonly [string, unknown])[]): Record<string, unknown> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
