/** What `@` finds in the app: documents by their title. A press on one goes there. */
import type { Mentions, Suggested } from '@quire/editor'
import { listDocuments } from '../../api/documents.ts'
import { untitled } from '../../titles.ts'

/** The newest ones; nobody looks further in a list under a caret. */
const documentsMax = 100
/** One list serves a word that is typed letter by letter. */
const freshMs = 5_000

/** `go` follows a path of the app. */
export function documentMentions(own: string, go: (path: string) => void): Mentions {
  let asked: { readonly atMs: number; readonly list: Promise<readonly Suggested[]> } | undefined
  const all = (): Promise<readonly Suggested[]> => {
    const atMs = performance.now()
    if (asked === undefined || atMs - asked.atMs > freshMs) asked = { atMs, list: list(own) }
    return asked.list
  }
  return {
    documents: async (query) =>
      (await all()).filter(({ name }) => name.toLowerCase().includes(query)),
    open({ of, target }, event) {
      if (of !== 'document') return
      const path = `/d/${encodeURIComponent(target)}`
      if (event.metaKey || event.ctrlKey) window.open(path, '_blank', 'noopener')
      else go(path)
    },
  }
}

async function list(own: string): Promise<readonly Suggested[]> {
  const answer = await listDocuments(documentsMax, null, new AbortController().signal)
  if (answer.kind !== 'ok') return []
  return answer.value.documents
    .filter(({ id }) => id !== own)
    .map(({ id, title }) => ({ id, name: title || untitled }))
}
