/** What changed between two states, in a form that a page can show. Made of trees; knows no schema. */
import { alignParts } from './align-parts.ts'
import { type ElementPart, isBlank, type Part } from './content-tree.ts'
import { diffRuns, type TextChange } from './text-diff.ts'

export type PartChange =
  /** So many parts in a row are the same. */
  | { readonly kind: 'same'; readonly count: number }
  | { readonly kind: 'added'; readonly part: Part }
  | { readonly kind: 'removed'; readonly part: Part }
  | { readonly kind: 'text'; readonly changes: readonly TextChange[] }
  /** `attributes` are the old ones where they differ; undefined where they are the same. */
  | {
      readonly kind: 'element'
      readonly name: string
      readonly attributes:
        | Readonly<Record<'before' | 'after', ElementPart['attributes']>>
        | undefined
      readonly children: readonly PartChange[]
    }

/** Blocks with less in common than this are shown as one that went and one that came: a mixture of both reads as neither. */
const similarMin = 0.3

export function diffTrees(before: readonly Part[], after: readonly Part[]): PartChange[] {
  const changes: PartChange[] = []
  const [one, other] = [before, after].map((parts) => parts.filter((part) => !isBlank(part)))
  for (const step of alignParts(one ?? [], other ?? [], similarMin)) {
    switch (step.kind) {
      case 'same': {
        const last = changes.at(-1)
        if (last?.kind === 'same')
          changes[changes.length - 1] = { kind: 'same', count: last.count + 1 }
        else changes.push({ kind: 'same', count: 1 })
        break
      }
      case 'added':
        changes.push({ kind: 'added', part: step.after })
        break
      case 'removed':
        changes.push({ kind: 'removed', part: step.before })
        break
      case 'changed':
        changes.push(changeOf(step.before, step.after))
        break
    }
  }
  return changes
}

function changeOf(before: Part, after: Part): PartChange {
  if (before.kind === 'text' || after.kind === 'text') {
    const [one, other] = [before, after].map((part) => (part.kind === 'text' ? part.runs : []))
    return { kind: 'text', changes: diffRuns(one ?? [], other ?? []) }
  }
  const isSame = JSON.stringify(before.attributes) === JSON.stringify(after.attributes)
  return {
    kind: 'element',
    name: after.name,
    attributes: isSame ? undefined : { before: before.attributes, after: after.attributes },
    children: diffTrees(before.children, after.children),
  }
}
