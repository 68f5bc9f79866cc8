/** What stands above the page when something is wrong that words in a corner are too small for. */
import type { Editor, LockedExtent } from '@quire/editor'
import type { Provider } from '@quire/provider'
import { Info, Lock, TriangleAlert } from 'lucide-react'
import { closeCodes } from '@quire/protocol'
import { type ReactNode, useState } from 'react'
import { Dialog } from '../../ui/dialog.tsx'
import { copyText } from '../../ui/copy-text.ts'
import { refusalWords } from './save-words.ts'
import { textOf } from './text-of.ts'
import { useIsOtherVersionHere } from './use-provider.ts'

interface LockedProps {
  readonly unknown: readonly string[]
  readonly extent: LockedExtent
}

/** The document holds things that this version of the app does not know; it shows, and touches none of them. */
export function LockedBanner({ unknown, extent }: LockedProps): ReactNode {
  const names = unknown.length > 0 && ` (${unknown.join(', ')})`
  return (
    <div className="banner" role="status">
      <Lock size={18} aria-hidden="true" />
      <p className="banner__text">
        <strong>This page is older than the document.</strong>{' '}
        {extent === 'blocks' ? (
          <>
            Parts of it need a newer version{names}. They are locked and kept as they are;
            everything else can be edited.
          </>
        ) : (
          <>
            It holds content that this version does not know{names}. You can read it here; reload
            the page to edit.
          </>
        )}
      </p>
      <button type="button" className="button banner__action" onClick={() => location.reload()}>
        Reload
      </button>
    </div>
  )
}

/** Somebody here edits with another version. Nothing is lost by that; it explains why people see different things. */
export function OtherVersionNote({ provider }: { readonly provider: Provider }): ReactNode {
  const isOtherHere = useIsOtherVersionHere(provider)
  const [isHidden, setHidden] = useState(false)
  if (!isOtherHere || isHidden) return null
  return (
    <div className="banner banner--quiet" role="status">
      <Info size={16} aria-hidden="true" />
      <p className="banner__text">
        Somebody here edits with another version of the editor. What one of you does not know is
        shown there as locked, and kept.
      </p>
      <button type="button" className="button banner__action" onClick={() => setHidden(true)}>
        Hide
      </button>
    </div>
  )
}

interface RefusedProps {
  readonly code: number
  readonly reason: string
  readonly unsaved: number
  readonly editor: Editor | undefined
  readonly provider: Provider
}

/** The server takes no more edits. What is on screen can still be carried away. */
export function RefusedBanner({
  code,
  reason,
  unsaved,
  editor,
  provider,
}: RefusedProps): ReactNode {
  const [copied, setCopied] = useState<'idle' | 'copied' | 'failed'>('idle')
  const { phrase, detail } = refusalWords(code, reason)

  const [discarding, setDiscarding] = useState<'no' | 'asked' | 'failed'>('no')
  // The copy on this device would bring the refused edit back with every reload.
  const canDiscard = unsaved > 0 && code !== closeCodes.deleted.code
  const discard = (): void => {
    provider.forget().then(
      () => location.reload(),
      () => setDiscarding('failed'),
    )
  }

  const copy = async (): Promise<void> => {
    if (editor === undefined) return
    setCopied((await copyText(textOf(editor.view))) ? 'copied' : 'failed')
  }

  return (
    <div className="banner banner--bad" role="alert">
      <TriangleAlert size={18} aria-hidden="true" />
      <p className="banner__text">
        <strong>
          {unsaved > 0 ? 'Not saved' : 'Disconnected'}: {phrase}.
        </strong>{' '}
        {detail}
        {unsaved > 0 &&
          ` ${unsaved === 1 ? 'One edit is' : `${unsaved} edits are`} not on the server.`}
      </p>
      {editor !== undefined && (
        <button type="button" className="button banner__action" onClick={() => void copy()}>
          {copied === 'idle' && 'Copy your text'}
          {copied === 'copied' && 'Copied'}
          {copied === 'failed' && 'Copying failed'}
        </button>
      )}
      {canDiscard && (
        <button
          type="button"
          className="button banner__action"
          onClick={() => setDiscarding('asked')}
        >
          Discard and reload
        </button>
      )}
      {discarding !== 'no' && (
        <Dialog
          role="alertdialog"
          title="Discard what is not saved?"
          text="The page is loaded as the server has it. What the server did not take is deleted from this device; copy your text first."
          onClose={() => setDiscarding('no')}
        >
          {discarding === 'failed' && (
            <p className="trouble dialog__text" role="alert">
              The browser does not let go of its copy. Close other tabs of this document and try
              again.
            </p>
          )}
          <div className="dialog__actions">
            <button type="button" className="button" onClick={() => setDiscarding('no')}>
              Cancel
            </button>
            <button type="button" className="button button--danger" onClick={discard}>
              Discard
            </button>
          </div>
        </Dialog>
      )}
    </div>
  )
}
