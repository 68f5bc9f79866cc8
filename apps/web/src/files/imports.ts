/**
 * What has been read from a file for a document that was made for it, until its page opens. Lives in
 * this tab: a reload in between leaves an empty document, and the file is still where it was.
 */
const waiting = new Map<string, unknown>()

export function keepImport(documentId: string, json: unknown): void {
  waiting.set(documentId, json)
}

/** What waits for this document, once. */
export function takeImport(documentId: string): unknown {
  const json = waiting.get(documentId)
  waiting.delete(documentId)
  return json
}
