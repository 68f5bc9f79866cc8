/** HTML as a document, read from a page that somebody has parsed: nothing in it runs, and only what the schema knows gets in. */
import { DOMParser, type Node } from 'prosemirror-model'
import { schema } from '../schema.ts'

/** The body of a page, as ProseMirror reads it. */
export type PageRoot = Parameters<DOMParser['parse']>[0]

/**
 * The document that a page says. Parse with `new DOMParser().parseFromString(html, 'text/html').body`:
 * such a page is inert, so scripts do not run and pictures are not fetched. Text is never lost.
 */
export function documentOfHtml(page: PageRoot): Node {
  return DOMParser.fromSchema(schema).parse(page)
}
