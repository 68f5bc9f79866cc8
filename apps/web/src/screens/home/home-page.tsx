/** The home page: every document, newest first, and the way to a new one. */
import { FilePlus2, Plus, RefreshCw } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { useLocation } from 'wouter'
import { createDocument, reasonOfAnswer } from '../../api/documents.ts'
import { ProfileButton } from '../../identity/profile-button.tsx'
import { Mark, Wordmark } from '../../ui/mark.tsx'
import { DocumentRow } from './document-row.tsx'
import { OpenFileButton } from './open-file-button.tsx'
import { useDocumentList } from './use-document-list.ts'
import './home.css'

export function HomePage(): ReactNode {
  const control = useDocumentList()
  const [, navigate] = useLocation()
  const [creating, setCreating] = useState<'idle' | 'busy' | { readonly failed: string }>('idle')
  const [trouble, setTrouble] = useState<string>()
  const { list } = control

  useEffect(() => {
    document.title = 'Quire'
  }, [])

  const create = async (): Promise<void> => {
    setCreating('busy')
    const answer = await createDocument()
    if (answer.kind === 'ok') {
      navigate(`/d/${encodeURIComponent(answer.value.id)}`, { state: { isNew: true } })
    } else setCreating({ failed: reasonOfAnswer(answer) })
  }

  const newButton = (
    <button
      type="button"
      className="button button--main"
      disabled={creating === 'busy'}
      onClick={() => void create()}
    >
      <Plus size={18} aria-hidden="true" />
      New document
    </button>
  )

  return (
    <div className="home">
      <header className="home__bar">
        <a className="brand" href="/" aria-label="Quire, all documents">
          <Mark />
          <Wordmark />
        </a>
        <ProfileButton />
      </header>
      <main className="home__main">
        <div className="home__head">
          <h1 className="home__title">Documents</h1>
          {(list.kind !== 'ready' || list.documents.length > 0) && (
            <div className="home__actions">
              <OpenFileButton onTrouble={setTrouble} />
              {newButton}
            </div>
          )}
        </div>
        {typeof creating === 'object' && (
          <p className="trouble home__trouble" role="alert">
            No document was made. {creating.failed}
          </p>
        )}
        {trouble !== undefined && (
          <p className="trouble home__trouble" role="alert">
            {trouble}
          </p>
        )}
        {list.kind === 'loading' && <ListSkeleton />}
        {list.kind === 'failed' && (
          <div className="home__state" role="alert">
            <h2 className="home__state-title">The list could not be loaded</h2>
            <p className="home__state-text">{list.reason}</p>
            <button type="button" className="button" onClick={control.reload}>
              <RefreshCw size={16} aria-hidden="true" />
              Try again
            </button>
          </div>
        )}
        {list.kind === 'ready' && list.documents.length === 0 && (
          <div className="home__state">
            <FilePlus2
              className="home__state-icon"
              size={40}
              strokeWidth={1.4}
              aria-hidden="true"
            />
            <h2 className="home__state-title">A blank sheet is waiting</h2>
            <p className="home__state-text">
              Start a document, send its link to somebody, and write in it together.
            </p>
            <div className="home__actions">
              <OpenFileButton onTrouble={setTrouble} />
              {newButton}
            </div>
          </div>
        )}
        {list.kind === 'ready' && list.documents.length > 0 && (
          <>
            <ul className="documents">
              {list.documents.map((document) => (
                <DocumentRow key={document.id} document={document} onChange={control.replace} />
              ))}
            </ul>
            {list.next !== null && (
              <div className="home__more">
                {list.more === 'failed' && (
                  <p className="trouble" role="alert">
                    The rest of the list could not be loaded.
                  </p>
                )}
                <button
                  type="button"
                  className="button"
                  disabled={list.more === 'loading'}
                  onClick={control.showMore}
                >
                  {list.more === 'loading' ? 'Loading…' : 'Show more'}
                </button>
              </div>
            )}
          </>
        )}
      </main>
    </div>
  )
}

/** Rows of the right height, so that nothing jumps when the list comes. */
function ListSkeleton(): ReactNode {
  return (
    <div className="documents" role="status" aria-label="Loading the documents">
      {[62, 44, 71, 38, 55].map((percent) => (
        <div className="document-row" key={percent}>
          <span className="document-row__link">
            <span className="bone document-row__icon" />
            <span className={`bone bone--title bone--${percent}`} />
          </span>
        </div>
      ))}
    </div>
  )
}
