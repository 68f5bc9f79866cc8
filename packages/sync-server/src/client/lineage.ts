/**
 * What a client says in the URL about the document that it holds: `?lineage=<id>`, or
 * `?lineage.<document>=<id>` for one of several documents on a Hocuspocus socket. Not a secret, and no
 * right: it only keeps two documents of one name from being merged.
 */
import type { DocumentName } from '@quire/protocol'

/** The lineage that a client says to hold of a document; undefined when it does not say. */
export type LineageOf = (document: DocumentName) => string | undefined

/** Reads the query of a URL. */
export function lineagesIn(url: string): LineageOf {
  const at = url.indexOf('?')
  if (at < 0 || !url.includes('lineage', at)) return () => undefined
  const query = new URLSearchParams(url.slice(at))
  return (document) => query.get(`lineage.${document}`) || query.get('lineage') || undefined
}
