/** Sharing is the address: whoever has it can write. The button says so and copies it. */
import { Check, Copy, Link2 } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type ReactNode, useEffect, useState } from 'react'
import { copyText } from '../../ui/copy-text.ts'

/** How long "Copied" stands before the button offers to copy again. */
const copiedMs = 2_000

export function ShareButton(): ReactNode {
  const [copied, setCopied] = useState<'idle' | 'copied' | 'failed'>('idle')
  const address = `${location.origin}${location.pathname}`

  useEffect(() => {
    if (copied !== 'copied') return
    const timer = setTimeout(() => setCopied('idle'), copiedMs)
    return () => clearTimeout(timer)
  }, [copied])

  const copy = async (): Promise<void> => {
    setCopied((await copyText({ text: address })) ? 'copied' : 'failed')
  }

  return (
    <Popover.Root onOpenChange={() => setCopied('idle')}>
      <Popover.Trigger asChild>
        <button type="button" className="button button--main share-button" aria-label="Share">
          <Link2 size={17} aria-hidden="true" />
          <span className="share-button__word">Share</span>
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="raised popover share"
          aria-label="Share"
          align="end"
          sideOffset={8}
          collisionPadding={12}
        >
          <p className="share__title">Write here together</p>
          <p className="share__text">Everybody with this address can read and edit.</p>
          <div className="share__row">
            <input
              className="input"
              aria-label="Address of this document"
              readOnly
              value={address}
              onFocus={(event) => event.target.select()}
            />
            <button type="button" className="button share__copy" onClick={() => void copy()}>
              {copied === 'copied' ? (
                <Check size={16} aria-hidden="true" />
              ) : (
                <Copy size={16} aria-hidden="true" />
              )}
              {copied === 'copied' ? 'Copied' : 'Copy'}
            </button>
          </div>
          <p className="share__note" aria-live="polite">
            {copied === 'copied' && <span className="only-heard">The address is copied.</span>}
            {copied === 'failed' &&
              'The browser does not allow copying. Select the address and copy it.'}
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
