/**
 * The list of documents as the home page shows it: pages of it, newest first.
 *
 * 1. A failed refresh keeps what is already shown.
 * 2. Only the newest request may change the list; an older answer that comes late is dropped.
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import { type DocumentSummary, listDocuments, reasonOfAnswer } from '../../api/documents.ts'

/** A screenful and a half on a desktop. */
const pageDocumentsMax = 30

export type DocumentList =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly reason: string }
  | {
      readonly kind: 'ready'
      readonly documents: readonly DocumentSummary[]
      readonly next: string | null
      readonly more: 'idle' | 'loading' | 'failed'
    }

export interface DocumentListControl {
  readonly list: DocumentList
  /** Loads the first page anew; shows the skeleton only when there is nothing to show yet. */
  readonly reload: () => void
  /** Appends the page that follows. */
  readonly showMore: () => void
  /** Puts a changed document in its place, or takes a deleted one out, before the server is asked again. */
  readonly replace: (documentId: string, changed: DocumentSummary | undefined) => void
}

export function useDocumentList(): DocumentListControl {
  const [list, setList] = useState<DocumentList>({ kind: 'loading' })
  const running = useRef<AbortController>(undefined)

  const begin = useCallback((): AbortSignal => {
    running.current?.abort()
    running.current = new AbortController()
    return running.current.signal
  }, [])

  const load = useCallback((): void => {
    const signal = begin()
    void listDocuments(pageDocumentsMax, null, signal).then((answer) => {
      if (signal.aborted) return
      setList((before) => {
        if (answer.kind === 'ok') return { kind: 'ready', ...answer.value, more: 'idle' }
        if (before.kind === 'ready') return before
        return { kind: 'failed', reason: reasonOfAnswer(answer) }
      })
    })
  }, [begin])

  const reload = useCallback((): void => {
    setList((before) => (before.kind === 'ready' ? before : { kind: 'loading' }))
    load()
  }, [load])

  const next = list.kind === 'ready' ? list.next : null
  const showMore = useCallback((): void => {
    if (next === null) return
    const signal = begin()
    setList((before) => (before.kind === 'ready' ? { ...before, more: 'loading' } : before))
    void listDocuments(pageDocumentsMax, next, signal).then((answer) => {
      if (signal.aborted) return
      setList((before) => {
        if (before.kind !== 'ready') return before
        if (answer.kind !== 'ok') return { ...before, more: 'failed' }
        // A document that changed between the two requests may come twice.
        const known = new Set(before.documents.map((document) => document.id))
        const added = answer.value.documents.filter((document) => !known.has(document.id))
        return {
          kind: 'ready',
          documents: [...before.documents, ...added],
          next: answer.value.next,
          more: 'idle',
        }
      })
    })
  }, [begin, next])

  const replace = useCallback((documentId: string, changed: DocumentSummary | undefined): void => {
    setList((before) => {
      if (before.kind !== 'ready') return before
      const documents = before.documents.flatMap((document) => {
        if (document.id !== documentId) return [document]
        return changed === undefined ? [] : [changed]
      })
      return { ...before, documents }
    })
  }, [])

  useEffect(() => {
    load()
    const onVisible = (): void => {
      if (document.visibilityState === 'visible') load()
    }
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      document.removeEventListener('visibilitychange', onVisible)
      running.current?.abort()
    }
  }, [load])

  return { list, reload, showMore, replace }
}
