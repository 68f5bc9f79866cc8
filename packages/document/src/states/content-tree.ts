/**
 * What a shared document says, as plain data: everything that is in it, whether the schema knows it or
 * not. What people compare, export and go back to are trees; a Y.Doc is how they change.
 */
import * as Y from 'yjs'

/** A stretch of text under the same marks. `embed` stands for something that is no text, and `text` is empty then. */
export interface TextRun {
  readonly text: string
  readonly embed?: object
  /** Mark names, as they stand in the shared text, and what they say. */
  readonly marks: Readonly<Record<string, unknown>>
}

export interface TextPart {
  readonly kind: 'text'
  readonly runs: readonly TextRun[]
}

export interface ElementPart {
  readonly kind: 'element'
  readonly name: string
  /** In the order of their names. */
  readonly attributes: Readonly<Record<string, unknown>>
  readonly children: readonly Part[]
}

export type Part = TextPart | ElementPart

/** The name under which a part is compared: only parts of one name can become each other. */
export function nameOf(part: Part): string {
  return part.kind === 'text' ? '#text' : part.name
}

/** A shared text without a letter: editors keep it for who writes next, and it says nothing. */
export function isBlank(part: Part): boolean {
  return part.kind === 'text' && part.runs.length === 0
}

/** A key that is equal for parts that say the same. */
export function keyOf(part: Part): string {
  if (part.kind === 'text') return JSON.stringify(part.runs)
  const children = part.children.filter((child) => !isBlank(child)).map(keyOf)
  return `${part.name} ${JSON.stringify(part.attributes)} [${children.join()}]`
}

/** All text of a part, without marks. */
export function textOf(part: Part): string {
  if (part.kind === 'text') return part.runs.map(({ text }) => text).join('')
  return part.children.map(textOf).join(' ')
}

/** The children of a fragment or element, deeply. */
export function readTree(parent: Y.XmlFragment): Part[] {
  const parts: Part[] = []
  for (const child of parent.toArray()) {
    if (child instanceof Y.XmlText) parts.push({ kind: 'text', runs: readRuns(child) })
    else if (child instanceof Y.XmlElement) parts.push(readElement(child))
    // A hook is a Yjs type that no editor of this schema makes; it has no text.
  }
  return parts
}

function readElement(element: Y.XmlElement): ElementPart {
  const entries = Object.entries(element.getAttributes() as Record<string, unknown>)
  return {
    kind: 'element',
    name: element.nodeName,
    attributes: sorted(entries.filter(([, value]) => value !== undefined && value !== null)),
    children: readTree(element),
  }
}

/** The runs of a shared text; neighbours with the same marks are one. */
export function readRuns(text: Y.XmlText): TextRun[] {
  const runs: TextRun[] = []
  const delta = text.toDelta() as { insert: string | object; attributes?: object }[]
  for (const { insert, attributes = {} } of delta) {
    const marks = sorted(Object.entries(attributes).filter(([, value]) => value !== null))
    if (typeof insert !== 'string') {
      runs.push({ text: '', embed: insert, marks })
      continue
    }
    const last = runs.at(-1)
    if (last && !last.embed && JSON.stringify(last.marks) === JSON.stringify(marks)) {
      runs[runs.length - 1] = { text: last.text + insert, marks }
    } else {
      runs.push({ text: insert, marks })
    }
  }
  return runs
}

function sorted(entries: [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
