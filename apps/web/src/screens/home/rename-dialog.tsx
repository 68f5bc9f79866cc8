import { type FormEvent, type ReactNode, useState } from 'react'
import { type DocumentSummary, renameDocument, reasonOfAnswer } from '../../api/documents.ts'
import { titleCharsMax, untitled } from '../../titles.ts'
import { Dialog } from '../../ui/dialog.tsx'

interface Props {
  readonly document: DocumentSummary
  readonly onClose: () => void
  readonly onRenamed: (changed: DocumentSummary) => void
}

export function RenameDialog({ document, onClose, onRenamed }: Props): ReactNode {
  const [title, setTitle] = useState(document.title)
  const [state, setState] = useState<'idle' | 'busy' | { readonly failed: string }>('idle')
  const cleaned = title.trim()

  const rename = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (cleaned === document.title) return onClose()
    setState('busy')
    const answer = await renameDocument(document.id, cleaned)
    if (answer.kind !== 'ok') return setState({ failed: reasonOfAnswer(answer) })
    onRenamed(answer.value)
    onClose()
  }

  return (
    <Dialog title="Rename document" onClose={onClose}>
      <form onSubmit={(event) => void rename(event)}>
        <div className="dialog__body">
          <label className="field">
            <span className="field__label">Title</span>
            <input
              className="input"
              value={title}
              placeholder={untitled}
              maxLength={titleCharsMax}
              onChange={(event) => setTitle(event.target.value)}
              onFocus={(event) => event.target.select()}
            />
          </label>
          {typeof state === 'object' && (
            <p className="trouble" role="alert">
              {state.failed}
            </p>
          )}
        </div>
        <div className="dialog__actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button button--main" disabled={state === 'busy'}>
            Rename
          </button>
        </div>
      </form>
    </Dialog>
  )
}
