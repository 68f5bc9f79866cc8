import { type ReactNode, useState } from 'react'
import { type DocumentSummary, deleteDocument, reasonOfAnswer } from '../../api/documents.ts'
import { shownTitle } from '../../titles.ts'
import { Dialog } from '../../ui/dialog.tsx'

interface Props {
  readonly document: DocumentSummary
  readonly onClose: () => void
  readonly onDeleted: () => void
}

export function DeleteDialog({ document, onClose, onDeleted }: Props): ReactNode {
  const [state, setState] = useState<'idle' | 'busy' | { readonly failed: string }>('idle')

  const remove = async (): Promise<void> => {
    setState('busy')
    const answer = await deleteDocument(document.id)
    // Somebody else was faster: it is gone, which is what was asked for.
    if (answer.kind !== 'ok' && answer.kind !== 'missing') {
      return setState({ failed: reasonOfAnswer(answer) })
    }
    onClose()
    onDeleted()
  }

  return (
    <Dialog
      role="alertdialog"
      title="Delete this document?"
      text={
        <>
          “{shownTitle(document.title)}” will be deleted for everybody who has its link. This cannot
          be undone.
        </>
      }
      onClose={onClose}
    >
      {typeof state === 'object' && (
        <p className="trouble dialog__text" role="alert">
          {state.failed}
        </p>
      )}
      <div className="dialog__actions">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          className="button button--danger"
          disabled={state === 'busy'}
          onClick={() => void remove()}
        >
          Delete
        </button>
      </div>
    </Dialog>
  )
}
