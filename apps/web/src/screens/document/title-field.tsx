/**
 * The title, edited in place. Saved on Enter and on leaving the field; Escape takes it back.
 *
 * 1. A title the server has not taken stays in the field, marked, and is tried again when the
 *    connection is back.
 * 2. A rename by somebody else never changes a field that is being edited.
 */
import type { Provider } from '@quire/provider'
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react'
import { reasonOfAnswer, renameDocument } from '../../api/documents.ts'
import { titleCharsMax, untitled } from '../../titles.ts'
import { Hint } from '../../ui/hint.tsx'

interface Props {
  readonly documentId: string
  /** The title as the server last said it. */
  readonly title: string
  readonly onRenamed: (title: string) => void
  /** Says when the server can be reached again. */
  readonly provider: Provider
}

type Draft =
  | { readonly kind: 'none' }
  | { readonly kind: 'editing'; readonly text: string }
  | { readonly kind: 'sending'; readonly text: string }
  | {
      readonly kind: 'waiting'
      readonly text: string
      readonly reason: string
      readonly isRefused: boolean
    }

export function TitleField({ documentId, title, onRenamed, provider }: Props): ReactNode {
  const [draft, setDraft] = useState<Draft>({ kind: 'none' })
  const input = useRef<HTMLInputElement>(null)
  const takenBack = useRef(false)
  const shown = draft.kind === 'none' ? title : draft.text

  const send = async (text: string): Promise<void> => {
    const cleaned = text.trim()
    if (cleaned === title) return setDraft({ kind: 'none' })
    setDraft({ kind: 'sending', text: cleaned })
    const answer = await renameDocument(documentId, cleaned)
    if (answer.kind === 'ok') onRenamed(answer.value.title)
    setDraft((now) => {
      // The field was entered again while the request ran: what is typed now wins.
      if (now.kind !== 'sending') return now
      if (answer.kind === 'ok') return { kind: 'none' }
      const isRefused = answer.kind !== 'unreachable'
      const reason = reasonOfAnswer(answer)
      return { kind: 'waiting', text: cleaned, reason, isRefused }
    })
  }

  const retry = useEffectEvent(() => {
    // A title the server refused would be refused for ever; one it never saw is tried again.
    if (draft.kind === 'waiting' && !draft.isRefused) void send(draft.text)
  })
  useEffect(
    () =>
      provider.on('status', ({ kind }) => {
        if (kind === 'saved') retry()
      }),
    [provider],
  )

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') input.current?.blur()
    if (event.key === 'Escape') {
      takenBack.current = true
      input.current?.blur()
    }
  }

  const field = (
    <span className="title" data-state={draft.kind}>
      {/* The hidden copy gives the field the width of its text. */}
      <span className="title__sizer" aria-hidden="true">
        {shown === '' ? untitled : shown}
      </span>
      <input
        ref={input}
        size={1}
        className="title__input"
        aria-label="Title"
        aria-invalid={draft.kind === 'waiting'}
        value={shown}
        placeholder={untitled}
        maxLength={titleCharsMax}
        spellCheck={false}
        onFocus={() => setDraft({ kind: 'editing', text: shown })}
        onChange={(event) => setDraft({ kind: 'editing', text: event.target.value })}
        onBlur={() => {
          if (takenBack.current) setDraft({ kind: 'none' })
          else if (draft.kind === 'editing') void send(draft.text)
          takenBack.current = false
        }}
        onKeyDown={onKeyDown}
      />
    </span>
  )
  return draft.kind === 'waiting' ? (
    <Hint text={`The title is not saved. ${draft.reason}`}>{field}</Hint>
  ) : (
    field
  )
}
