/** An open document: the bar, the toolbar, the sheet, and what stands between when something is wrong. */
import type { Editor, LockedExtent } from '@quire/editor'
import { ArrowLeft } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Link } from 'wouter'
import { ProfileButton } from '../../identity/profile-button.tsx'
import { Hint } from '../../ui/hint.tsx'
import { LockedBanner, OtherVersionNote, RefusedBanner } from './banners.tsx'
import { SheetSkeleton } from './document-skeleton.tsx'
import { DownloadButton } from './download-button.tsx'
import { EditorMount } from './editor-mount.tsx'
import type { OpenDocument } from './open-document.ts'
import { OutlinePanel } from './outline-panel.tsx'
import { Presence } from './presence.tsx'
import { SaveIndicator } from './save-indicator.tsx'
import { ShareButton } from './share-button.tsx'
import { TitleField } from './title-field.tsx'
import './people.css'
import './top-bar.css'
import { useHasContent, useLossWarning, useMayWrite, useRefusal } from './use-provider.ts'

interface Props {
  readonly open: OpenDocument
  readonly title: string
  readonly onTitle: (title: string) => void
}

/** Brings a person's caret into the middle of the screen; nothing happens when they have none. */
function goToCaret(clientId: number): void {
  const caret = document.querySelector(`.quire-caret[data-client="${clientId}"]`)
  caret?.scrollIntoView({ block: 'center', behavior: 'smooth' })
}

interface Locked {
  readonly unknown: readonly string[]
  readonly extent: LockedExtent
}

export function DocumentView({ open, title, onTitle }: Props): ReactNode {
  const { provider, awareness, documentId } = open
  const refusal = useRefusal(provider)
  const mayWrite = useMayWrite(provider)
  const hasContent = useHasContent(provider)
  const [editor, setEditor] = useState<Editor>()
  const [locked, setLocked] = useState<Locked>()
  const toolbar = useRef<HTMLDivElement>(null)
  useLossWarning(provider)

  useEffect(
    () =>
      provider.on('event', (event) => {
        if (event.kind === 'title') onTitle(event.title)
      }),
    [provider, onTitle],
  )

  return (
    <div className="document">
      <div className="document__head">
        <header className="bar">
          <Hint text="All documents">
            <Link className="icon-button" href="/" aria-label="All documents">
              <ArrowLeft size={20} aria-hidden="true" />
            </Link>
          </Hint>
          <div className="bar__name">
            <TitleField
              documentId={documentId}
              title={title}
              onRenamed={onTitle}
              provider={provider}
            />
            <SaveIndicator provider={provider} />
          </div>
          <div className="bar__people">
            <Presence awareness={awareness} onGoTo={goToCaret} />
            <DownloadButton editor={editor} title={title} />
            <ShareButton />
            <ProfileButton />
          </div>
        </header>
        <div className="toolbar-host" ref={toolbar} />
        {locked === undefined ? (
          <OtherVersionNote provider={provider} />
        ) : (
          <LockedBanner {...locked} />
        )}
        {refusal !== undefined && (
          <RefusedBanner {...refusal} editor={editor} provider={provider} />
        )}
      </div>
      {editor !== undefined && <OutlinePanel editor={editor} />}
      <main className="desk">
        {hasContent ? (
          <div className="sheet">
            <EditorMount
              open={open}
              toolbar={toolbar}
              editable={refusal === undefined && mayWrite}
              onEditor={setEditor}
              onLocked={(unknown, extent) =>
                setLocked(unknown.length > 0 ? { unknown, extent } : undefined)
              }
            />
          </div>
        ) : (
          <SheetSkeleton />
        )}
      </main>
    </div>
  )
}
