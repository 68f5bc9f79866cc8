/**
 * A modal dialog. The veil is a plain element: the library's own overlay locks scrolling by
 * injecting a style sheet, which the Content-Security-Policy of the app forbids.
 */
import { Dialog as Primitive } from 'radix-ui'
import type { ReactNode } from 'react'

interface Props {
  readonly title: string
  /** What it is about, in a sentence; also read out when the dialog opens. */
  readonly text?: ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
  /** "alertdialog" for a question whose answer cannot be taken back. */
  readonly role?: 'dialog' | 'alertdialog'
}

/** Open for as long as it is mounted. Escape and a click on the veil call `onClose`. */
export function Dialog({ title, text, onClose, children, role = 'dialog' }: Props): ReactNode {
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <div className="veil" />
        <Primitive.Content
          className="dialog"
          role={role}
          {...(text === undefined ? { 'aria-describedby': undefined } : {})}
        >
          <Primitive.Title className="dialog__title">{title}</Primitive.Title>
          {text !== undefined && (
            <Primitive.Description className="dialog__text">{text}</Primitive.Description>
          )}
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  )
}
