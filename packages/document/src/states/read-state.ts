/** What a stored document says, in the forms that people and programs read. Each call decodes the whole document. */
import { htmlOf, markdownOf, plainTextOf } from '../convert/index.ts'
import { diffTrees, type PartChange } from './diff-states.ts'
import { documentOf } from './read-document.ts'
import { type StateBytes, treeOf } from './shared-state.ts'
import { jsonOf } from './tree-json.ts'

export type RenderFormat = 'html' | 'markdown' | 'json' | 'text'
export const renderFormats: readonly RenderFormat[] = ['html', 'markdown', 'json', 'text']

/**
 * The document of `bytes` as a text. JSON has everything that is stored, also what this version does
 * not know; the others show that by its words. Throws `StateError`.
 */
export function renderState(bytes: StateBytes, format: RenderFormat): string {
  const tree = treeOf(bytes)
  switch (format) {
    case 'html':
      return htmlOf(documentOf(tree))
    case 'markdown':
      return markdownOf(documentOf(tree))
    case 'text':
      return plainTextOf(documentOf(tree))
    case 'json':
      return JSON.stringify(jsonOf(tree))
  }
}

/** The first `charsMax` UTF-16 units of the document's text, never half a letter; for a search index. Throws `StateError`. */
export function extractText(bytes: StateBytes, charsMax: number): string {
  const text = plainTextOf(documentOf(treeOf(bytes)))
  if (text.length <= charsMax) return text
  const isHalf = /[\ud800-\udbff]/.test(text.charAt(charsMax - 1))
  return text.slice(0, isHalf ? charsMax - 1 : charsMax)
}

/** What leads from the one document to the other. Throws `StateError`. */
export function diffStates(before: StateBytes, after: StateBytes): PartChange[] {
  return diffTrees(treeOf(before), treeOf(after))
}
