/**
 * The truth about saving, always on screen: icon and words, details on a click.
 * Decides nothing: `calm-status.ts` says when to speak, `save-words.ts` what.
 */
import { systemClock } from '@quire/base'
import type { Provider } from '@quire/provider'
import { CloudAlert, CloudCheck, CloudOff, CloudUpload, type LucideIcon } from 'lucide-react'
import { Popover } from 'radix-ui'
import { type ReactNode, useMemo, useSyncExternalStore } from 'react'
import { createCalmStatus } from './calm-status.ts'
import { announcementOf, type SaveWords, saveWords } from './save-words.ts'
import { useStorageState } from './use-provider.ts'

const icons: Readonly<Record<SaveWords['tone'], LucideIcon>> = {
  good: CloudCheck,
  // Stands still: a turning one would cost a frame of the whole page sixty times a second while one types.
  busy: CloudUpload,
  offline: CloudOff,
  bad: CloudAlert,
}

export function SaveIndicator({ provider }: { readonly provider: Provider }): ReactNode {
  const store = useMemo(() => createCalmStatus(provider, systemClock), [provider])
  const { status, hadTrouble } = useSyncExternalStore(store.subscribe, store.read)
  const words = saveWords(status, useStorageState(provider))
  const Icon = icons[words.tone]
  return (
    <>
      <Popover.Root>
        <Popover.Trigger asChild>
          <button
            type="button"
            className="save"
            data-tone={words.tone}
            data-testid="save-indicator"
          >
            <Icon size={16} strokeWidth={1.9} aria-hidden="true" />
            <span className="save__long">{words.long}</span>
            <span className="save__short">{words.short}</span>
          </button>
        </Popover.Trigger>
        <Popover.Portal>
          <Popover.Content
            className="raised popover save-detail"
            aria-label="Saving"
            data-tone={words.tone}
            align="start"
            sideOffset={8}
            collisionPadding={12}
          >
            <p className="save-detail__title">
              <Icon size={18} strokeWidth={1.9} aria-hidden="true" />
              {words.long}
            </p>
            <p className="save-detail__text">{words.detail}</p>
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      <span className="only-heard" aria-live="polite">
        {announcementOf(status, hadTrouble)}
      </span>
    </>
  )
}
