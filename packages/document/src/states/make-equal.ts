/**
 * Makes shared content say what a tree says, as an ordinary edit: blocks, cells and words that are the
 * same stay the very same, so that what colleagues type in them meanwhile stays as well. The ground of
 * restoring a version, which is a forward edit and never a swap of the state.
 *
 * Run it in one transaction. It does not decide what may be changed, and it does not look at the schema.
 */
import * as Y from 'yjs'
import { alignParts } from './align-parts.ts'
import {
  type ElementPart,
  isBlank,
  type Part,
  readRuns,
  readTree,
  type TextRun,
} from './content-tree.ts'
import { diffRuns } from './text-diff.ts'

/** After it, `parent` says what `target` says. Answers whether anything had to change. */
export function makeEqual(parent: Y.XmlFragment, target: readonly Part[]): boolean {
  const wanted = target.filter((part) => !isBlank(part))
  const hasText = wanted.some(({ kind }) => kind === 'text')
  let at = 0
  let isChanged = false
  for (const step of alignParts(readTree(parent), wanted, 0)) {
    switch (step.kind) {
      case 'same':
        at += 1
        break
      case 'changed':
        if (change(parent.get(at), step.after)) isChanged = true
        at += 1
        break
      case 'removed': {
        const live = parent.get(at)
        if (live instanceof Y.XmlText && (!hasText || live.length === 0)) {
          // Emptied, not removed: somebody may be about to write in it.
          if (live.length > 0) isChanged = true
          live.delete(0, live.length)
          at += 1
        } else {
          parent.delete(at, 1)
          isChanged = true
        }
        break
      }
      case 'added':
        parent.insert(at, [make(step.after)])
        at += 1
        isChanged = true
        break
    }
  }
  return isChanged
}

function change(live: ReturnType<Y.XmlFragment['get']>, target: Part): boolean {
  if (live instanceof Y.XmlText && target.kind === 'text') return changeText(live, target.runs)
  if (!(live instanceof Y.XmlElement) || target.kind !== 'element') {
    throw new TypeError('only parts of one kind are paired')
  }
  const isOther = changeAttributes(live, target)
  return makeEqual(live, target.children) || isOther
}

function changeAttributes(live: Y.XmlElement, { attributes }: ElementPart): boolean {
  const now = live.getAttributes() as Record<string, unknown>
  const set = Object.entries(attributes).filter(
    ([name, value]) => JSON.stringify(now[name]) !== JSON.stringify(value),
  )
  const gone = Object.keys(now).filter((name) => !(name in attributes))
  for (const [name, value] of set) setAttribute(live, name, value)
  for (const name of gone) live.removeAttribute(name)
  return set.length + gone.length > 0
}

/** Yjs types attributes as texts; an editor stores whatever JSON has. */
function setAttribute(element: Y.XmlElement, name: string, value: unknown): void {
  element.setAttribute(name, value as string)
}

type Operation =
  | { readonly retain: number; readonly attributes?: object }
  | { readonly insert: string | object; readonly attributes: object }
  | { readonly delete: number }

function changeText(live: Y.XmlText, target: readonly TextRun[]): boolean {
  const operations: Operation[] = diffRuns(readRuns(live), target).map((step): Operation => {
    const { run } = step
    const length = run.embed ? 1 : run.text.length
    switch (step.kind) {
      case 'same':
        return { retain: length }
      case 'formatted':
        return { retain: length, attributes: marksFrom(step.before, run.marks) }
      case 'removed':
        return { delete: length }
      case 'added':
        return { insert: run.embed ?? run.text, attributes: run.marks }
    }
  })
  // Nothing is cut off at the end: a line feed is a letter here.
  live.applyDelta(operations, { sanitize: false })
  return true
}

/** What makes `after` of `before`: Yjs takes null for "without". */
function marksFrom(before: TextRun['marks'], after: TextRun['marks']): Record<string, unknown> {
  const changes: Record<string, unknown> = {}
  for (const name of Object.keys(before)) if (!(name in after)) changes[name] = null
  for (const [name, value] of Object.entries(after)) {
    if (JSON.stringify(before[name]) !== JSON.stringify(value)) changes[name] = value
  }
  return changes
}

function make(part: Part): Y.XmlElement | Y.XmlText {
  if (part.kind === 'text') {
    const text = new Y.XmlText()
    text.applyDelta(
      part.runs.map(({ text: words, embed, marks }) => ({
        insert: embed ?? words,
        attributes: marks,
      })),
      { sanitize: false },
    )
    return text
  }
  const element = new Y.XmlElement(part.name)
  for (const [name, value] of Object.entries(part.attributes)) setAttribute(element, name, value)
  element.insert(0, part.children.map(make))
  return element
}
