/** What the pages of the playground offer to each other and to browser tests. */
import type { Editor } from '@quire/editor'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { Inside } from './document-lines.ts'
import type { Link, LinkEnd } from './network/link.ts'
import type { Highlights } from './person/highlights.ts'
import type { Typist } from './person/typist.ts'

/** What somebody gets who comes to the document. */
export interface Seat {
  readonly name: string
  readonly color: string
  readonly clientId: number
  readonly link: LinkEnd
}

/** Somebody at the document, in a window of their own: focus, selection and scrolling are theirs. */
export interface Person {
  readonly name: string
  readonly doc: Y.Doc
  readonly awareness: Awareness
  readonly editor: Editor
  readonly typist: Typist
  readonly highlights: Highlights
  inside(): Inside
  /** State and deletions of the Y.Doc: equal bytes, equal documents. */
  fingerprint(): string
  /** Calls back after anything that shows in `inside`. */
  onChange(listener: () => void): void
}

export interface Playground {
  readonly people: readonly Person[]
  /** By the order of people. */
  readonly links: readonly Link[]
  /** Nothing is on its way, and no link is cut. */
  readonly isSettled: boolean
  /** What is not equal between people, in words. */
  differences(): readonly string[]
  seat(index: number): Seat
  enter(index: number, person: Person): void
}

declare global {
  interface Window {
    /** Of the page with everybody on it. */
    playground?: Playground
    /** Of the window of one person. */
    person?: Person
  }
}
