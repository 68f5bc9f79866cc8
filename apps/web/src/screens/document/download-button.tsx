/** Carrying the document away as a file. */
import type { Editor } from '@quire/editor'
import { Download } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { type ReactNode, useState } from 'react'
import { downloadDocument, type FileFormat, fileFormats } from '../../files/write-file.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { shownTitle } from '../../titles.ts'

interface Props {
  readonly editor: Editor | undefined
  readonly title: string
}

export function DownloadButton({ editor, title }: Props): ReactNode {
  const [hasFailed, setFailed] = useState(false)
  const download = async (format: FileFormat): Promise<void> => {
    setFailed(false)
    try {
      if (editor) await downloadDocument(editor.view, shownTitle(title), format)
    } catch {
      setFailed(true) // the writer could not be fetched
    }
  }
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>
        <button
          type="button"
          className="icon-button download-button"
          aria-label="Download"
          title="Download"
          disabled={editor === undefined}
        >
          <Download size={19} aria-hidden="true" />
        </button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="raised menu" align="end" sideOffset={6}>
          <DropdownMenu.Label className="menu__label">Download as</DropdownMenu.Label>
          {fileFormats.map(({ format, label }) => (
            <DropdownMenu.Item
              key={format}
              className="menu__item"
              onSelect={() => void download(format)}
            >
              {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
      {hasFailed && (
        <Dialog
          title="The file could not be made"
          text="What writes it could not be fetched. Try again when you are online."
          onClose={() => setFailed(false)}
        >
          <div className="dialog__actions">
            <button type="button" className="button" onClick={() => setFailed(false)}>
              Close
            </button>
          </div>
        </Dialog>
      )}
    </DropdownMenu.Root>
  )
}
