/**
 * What the server says about a document before it is opened: its title, or that it does not exist.
 * A server that cannot be reached is no reason not to open: this device may have a copy.
 */
import { useCallback, useEffect, useState } from 'react'
import { getDocument } from '../../api/documents.ts'
import { readStored, writeStored } from '../../browser-storage.ts'

export type DocumentMeta =
  | { readonly kind: 'loading' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'known'; readonly title: string }

const keyOf = (documentId: string): string => `quire.title.${documentId}`

export interface DocumentMetaControl {
  readonly meta: DocumentMeta
  /** The title has changed, by this person or another. */
  readonly setTitle: (title: string) => void
}

export function useDocumentMeta(documentId: string): DocumentMetaControl {
  const [meta, setMeta] = useState<DocumentMeta>({ kind: 'loading' })

  const setTitle = useCallback(
    (title: string): void => {
      writeStored(keyOf(documentId), title)
      setMeta({ kind: 'known', title })
    },
    [documentId],
  )

  useEffect(() => {
    const abort = new AbortController()
    void getDocument(documentId, abort.signal).then((answer) => {
      if (abort.signal.aborted) return
      if (answer.kind === 'missing') setMeta({ kind: 'missing' })
      else if (answer.kind === 'ok') setTitle(answer.value.title)
      else setMeta({ kind: 'known', title: readStored(keyOf(documentId)) ?? '' })
    })
    return () => abort.abort()
  }, [documentId, setTitle])

  return { meta, setTitle }
}
