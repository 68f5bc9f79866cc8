/**
 * The roots of a document's Y.Doc: the one place where their names are spelled.
 * Title, access, comments and files are rows of a database, not roots.
 */
import type * as Y from 'yjs'

/** The shape of `content`. A document with a higher format was written by a newer Quire. */
export const documentFormat = 1

/** What people write: a fragment of blocks as `schema` describes them. */
export function contentOf(doc: Y.Doc): Y.XmlFragment {
  return doc.getXmlFragment('content')
}

/** Facts about the document itself: `format` (a number) and, once a store gives one, `lineage` (a string). */
export function metaOf(doc: Y.Doc): Y.Map<unknown> {
  return doc.getMap('meta')
}

/**
 * Where words went that somebody moved from one shared text to another: a bounded list of records whose
 * form is the binding's (`move-record.ts`). Not content: whoever does not know it loses nothing by that.
 */
export function movesOf(doc: Y.Doc): Y.Array<unknown> {
  return doc.getArray('moves')
}
