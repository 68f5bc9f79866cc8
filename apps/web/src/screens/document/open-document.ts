/**
 * Everything that is open while a document page is: the Y.Doc, presence, the provider.
 * Is not the editor; that lives as long as its element (`editor-mount.tsx`).
 */
import { schema, schemaHash } from '@quire/document'
import { createProvider, type Provider } from '@quire/provider'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { useMemo, useSyncExternalStore } from 'react'

export interface OpenDocument {
  readonly documentId: string
  readonly doc: Y.Doc
  readonly awareness: Awareness
  readonly provider: Provider
  /** Leaves the document. What is not acknowledged stays in the copy on this device. */
  close(): void
}

function syncUrl(): string {
  return `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/sync`
}

function open(documentId: string): OpenDocument {
  const doc = new Y.Doc()
  const awareness = new Awareness(doc)
  const provider = createProvider({
    url: syncUrl(),
    document: documentId,
    doc,
    awareness,
    offlineCopy: true,
    schema: schemaHash(schema),
  })
  return {
    documentId,
    doc,
    awareness,
    provider,
    close() {
      void provider.close().finally(() => {
        awareness.destroy()
        doc.destroy()
      })
    },
  }
}

/** Opened by the first who listens, closed when nobody does: as long as the page shows it. */
function openStore(documentId: string) {
  let opened: OpenDocument | undefined
  return {
    read: (): OpenDocument | undefined => opened,
    subscribe(this: void, listener: () => void): () => void {
      opened = open(documentId)
      listener()
      return () => {
        opened?.close()
        opened = undefined
      }
    },
  }
}

/** The open document, for as long as the component stands; undefined on its first render. */
export function useOpenDocument(documentId: string): OpenDocument | undefined {
  const store = useMemo(() => openStore(documentId), [documentId])
  return useSyncExternalStore(store.subscribe, store.read)
}
