/** The page of one document: asks what it is, and opens it once that is known. */
import { type ReactNode, useEffect } from 'react'
import { Link } from 'wouter'
import { shownTitle } from '../../titles.ts'
import { MessagePage } from '../../ui/message-page.tsx'
import { DocumentSkeleton } from './document-skeleton.tsx'
import { DocumentView } from './document-view.tsx'
import { useOpenDocument } from './open-document.ts'
import { useDocumentMeta } from './use-document-meta.ts'

export default function DocumentPage({ documentId }: { readonly documentId: string }): ReactNode {
  const { meta, setTitle } = useDocumentMeta(documentId)

  useEffect(() => {
    document.title = meta.kind === 'known' ? shownTitle(meta.title) : 'Quire'
  }, [meta])

  switch (meta.kind) {
    case 'loading':
      return <DocumentSkeleton />
    case 'missing':
      return (
        <MessagePage
          title="This document does not exist"
          text="It may have been deleted, or the address is not quite right."
        >
          <Link className="button button--main" href="/">
            All documents
          </Link>
        </MessagePage>
      )
    case 'known':
      return <KnownDocument documentId={documentId} title={meta.title} onTitle={setTitle} />
  }
}

interface KnownProps {
  readonly documentId: string
  readonly title: string
  readonly onTitle: (title: string) => void
}

function KnownDocument({ documentId, title, onTitle }: KnownProps): ReactNode {
  const open = useOpenDocument(documentId)
  if (open === undefined) return <DocumentSkeleton />
  return <DocumentView open={open} title={title} onTitle={onTitle} />
}
