/** A Y.Doc as it is inside, for people: its content line by line, and what it knows of whom. */
import { contentOf, movesOf } from '@quire/document'
import * as Y from 'yjs'

export interface Inside {
  /** The shared content, one line a node or text, indented by depth. */
  readonly lines: readonly string[]
  /** How much of each client is known: the next clock. */
  readonly clocks: readonly (readonly [clientId: number, clock: number])[]
  readonly moveCount: number
  /** Whether edits wait for others that have not arrived. */
  readonly isWaiting: boolean
}

/** Lines beyond these are counted, not shown. */
const linesMax = 400

/** State and deletions in short: equal for documents that have received the same. */
export function fingerprintOf(doc: Y.Doc): string {
  return String(Y.encodeSnapshot(Y.snapshot(doc)))
}

export function insideOf(doc: Y.Doc): Inside {
  const lines: string[] = []
  for (const child of contentOf(doc).toArray()) write(child, 0, lines)
  const hidden = lines.length - linesMax
  return {
    lines: hidden > 0 ? [...lines.slice(0, linesMax), `… and ${hidden} more`] : lines,
    clocks: [...doc.store.clients.keys()].map(
      (clientId) => [clientId, Y.getState(doc.store, clientId)] as const,
    ),
    moveCount: movesOf(doc).length,
    isWaiting: doc.store.pendingStructs !== null || doc.store.pendingDs !== null,
  }
}

function write(node: Y.XmlElement | Y.XmlText | Y.XmlHook, depth: number, lines: string[]): void {
  const indent = '  '.repeat(depth)
  if (node instanceof Y.XmlText) {
    const parts = (node.toDelta() as Part[]).map(partInWords)
    lines.push(`${indent}${parts.length > 0 ? parts.join(' ') : '""'}`)
    return
  }
  if (!(node instanceof Y.XmlElement)) return
  const attributes = Object.entries(node.getAttributes()).filter(([, value]) => value !== null)
  const settings = attributes.map(([name, value]) => ` ${name}=${JSON.stringify(value)}`)
  lines.push(`${indent}${node.nodeName}${settings.join('')}`)
  for (const child of node.toArray()) write(child, depth + 1, lines)
}

interface Part {
  readonly insert: unknown
  readonly attributes?: Readonly<Record<string, unknown>>
}

function partInWords({ insert, attributes }: Part): string {
  const words = typeof insert === 'string' ? JSON.stringify(insert) : '▪'
  const marks = Object.keys(attributes ?? {})
  return marks.length > 0 ? `${words}·${marks.join('·')}` : words
}
