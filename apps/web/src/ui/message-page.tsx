/** A whole page that says one thing and offers one way on. */
import type { ReactNode } from 'react'
import { Mark } from './mark.tsx'

interface Props {
  readonly title: string
  readonly text: string
  readonly children?: ReactNode
}

export function MessagePage({ title, text, children }: Props): ReactNode {
  return (
    <main className="message-page">
      <Mark sizePx={52} />
      <h1 className="message-page__title">{title}</h1>
      <p className="message-page__text">{text}</p>
      {children}
    </main>
  )
}
