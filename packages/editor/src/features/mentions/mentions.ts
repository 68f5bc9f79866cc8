/** Mentions of people and documents: whom an editor can offer, and what happens at a press. */
import type { Node } from 'prosemirror-model'

export interface Mention {
  readonly of: 'person' | 'document'
  /** The application's id of the person or the document. */
  readonly target: string
  /** The name, as it is kept in the text. */
  readonly label: string
}

/** What the application knows of people and documents. All may be left out. */
export interface Mentions {
  /** People whose name has these words, best first. Those who are here are offered without it. */
  readonly people?: (query: string) => Promise<readonly Suggested[]>
  readonly documents?: (query: string) => Promise<readonly Suggested[]>
  /** A mention was pressed: with the pointer, or selected and Enter. `event` tells a press that wants a new tab. */
  readonly open?: (mention: Mention, event: MouseEvent | KeyboardEvent) => void
}

export interface Suggested {
  readonly id: string
  readonly name: string
  /** Beside the name, to tell two of one name apart. */
  readonly hint?: string
}

/** What a node mentions, or null when it says nothing of use. */
export function mentionOf({ type, attrs }: Node): Mention | null {
  const { of, target, label } = attrs as Partial<Mention>
  if (type.name !== 'mention' || !of || !target || !label) return null
  return { of, target, label }
}
