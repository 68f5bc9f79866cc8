/** One document of the list: a link to it, and a menu to rename or delete it. */
import { EllipsisVertical, FileText, Pencil, Trash2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { type ReactNode, useRef, useState } from 'react'
import { Link } from 'wouter'
import type { DocumentSummary } from '../../api/documents.ts'
import { exactTime, timeInWords } from '../../time-in-words.ts'
import { shownTitle } from '../../titles.ts'
import { DeleteDialog } from './delete-dialog.tsx'
import { RenameDialog } from './rename-dialog.tsx'
import { useMinute } from './use-minute.ts'

interface Props {
  readonly document: DocumentSummary
  /** Called after the server has agreed. */
  readonly onChange: (documentId: string, changed: DocumentSummary | undefined) => void
}

export function DocumentRow({ document, onChange }: Props): ReactNode {
  const [dialog, setDialog] = useState<'none' | 'rename' | 'delete'>('none')
  const menuButton = useRef<HTMLButtonElement>(null)
  const nowMs = useMinute()
  const { changedMs } = document
  const title = shownTitle(document.title)

  return (
    <li className="document-row">
      <Link className="document-row__link" href={`/d/${encodeURIComponent(document.id)}`}>
        <FileText className="document-row__icon" size={20} strokeWidth={1.6} aria-hidden="true" />
        <span className="document-row__title">{title}</span>
        <time
          className="document-row__time"
          dateTime={new Date(changedMs).toISOString()}
          title={exactTime(changedMs)}
        >
          {timeInWords(changedMs, nowMs)}
        </time>
      </Link>
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger asChild>
          <button
            type="button"
            ref={menuButton}
            className="icon-button"
            aria-label={`More for ${title}`}
          >
            <EllipsisVertical size={18} aria-hidden="true" />
          </button>
        </DropdownMenu.Trigger>
        <DropdownMenu.Portal>
          <DropdownMenu.Content className="raised menu" align="end" sideOffset={4}>
            <DropdownMenu.Item className="menu__item" onSelect={() => setDialog('rename')}>
              <Pencil size={16} aria-hidden="true" />
              Rename
            </DropdownMenu.Item>
            <DropdownMenu.Separator className="menu__line" />
            <DropdownMenu.Item
              className="menu__item menu__item--danger"
              onSelect={() => setDialog('delete')}
            >
              <Trash2 size={16} aria-hidden="true" />
              Delete
            </DropdownMenu.Item>
          </DropdownMenu.Content>
        </DropdownMenu.Portal>
      </DropdownMenu.Root>
      {dialog === 'rename' && (
        <RenameDialog
          document={document}
          onClose={() => setDialog('none')}
          onRenamed={(changed) => onChange(document.id, changed)}
        />
      )}
      {dialog === 'delete' && (
        <DeleteDialog
          document={document}
          onClose={() => setDialog('none')}
          onDeleted={() => onChange(document.id, undefined)}
        />
      )}
    </li>
  )
}
