/** A new document from a file: Word, Markdown, a web page, plain text. */
import { FileUp } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { createDocument, reasonOfAnswer } from '../../api/documents.ts'
import { keepImport } from '../../files/imports.ts'
import { readableFiles, readFile } from '../../files/read-file.ts'

interface Props {
  /** A sentence for people; undefined when it is tried again. */
  readonly onTrouble: (words: string | undefined) => void
}

export function OpenFileButton({ onTrouble }: Props): ReactNode {
  const input = useRef<HTMLInputElement>(null)
  const [isBusy, setBusy] = useState(false)
  const [, navigate] = useLocation()

  const open = async (file: File): Promise<void> => {
    setBusy(true)
    onTrouble(undefined)
    // The document is made when the file has been read, so that none is left empty.
    const read = await readFile(file)
    const answer = read.kind === 'read' ? await createDocument(read.title) : undefined
    setBusy(false)
    if (read.kind === 'unreadable') onTrouble(`“${file.name}” could not be opened. ${read.reason}`)
    else if (answer?.kind === 'ok') {
      keepImport(answer.value.id, read.json)
      navigate(`/d/${encodeURIComponent(answer.value.id)}`)
    } else if (answer) onTrouble(`No document was made. ${reasonOfAnswer(answer)}`)
  }

  return (
    <>
      <button
        type="button"
        className="button"
        disabled={isBusy}
        onClick={() => input.current?.click()}
      >
        <FileUp size={17} aria-hidden="true" />
        {isBusy ? 'Opening…' : 'Open a file'}
      </button>
      <input
        ref={input}
        type="file"
        hidden
        accept={readableFiles}
        aria-label="File to open"
        onChange={({ target }) => {
          const file = target.files?.[0]
          // The same file may be chosen again after a failure.
          target.value = ''
          if (file) void open(file)
        }}
      />
    </>
  )
}
