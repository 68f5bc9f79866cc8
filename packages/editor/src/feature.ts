/**
 * What a feature is: the keys, input rules, plugins and suggestions it brings. Everything a
 * feature needs from the editor around it comes in the context; features do not know each other.
 */
import type { Clock } from '@quire/base'
import type { InputRule } from 'prosemirror-inputrules'
import type { Schema } from 'prosemirror-model'
import type { Command, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { Suggestion, Trigger } from './features/suggest/trigger.ts'
import type { Frames } from './ui/frames.ts'
import type { Icon } from './ui/icon.ts'
import type { Popovers } from './ui/popovers.ts'

/** Stores a file somewhere and answers with the address to show it from. Rejects when it could not. */
export type Upload = (file: File) => Promise<{ src: string }>

/** Undo and redo of this person's own edits. */
export interface History {
  readonly undo: Command
  readonly redo: Command
  canUndo(): boolean
  canRedo(): boolean
}

/** What the editor gives its features. Lives as long as the editor. */
export interface EditorContext {
  /** Quire's own with the nodes and marks of all features of this editor. */
  readonly schema: Schema
  /** The outermost element (`.quire`); carries the theme. */
  readonly root: HTMLElement
  /** Where floating things go: inside the root, so that styles and shadow roots hold. */
  readonly layer: HTMLElement
  /** Where a panel hangs that stays while people write: under the toolbar, else at the top. */
  readonly panelHost: HTMLElement
  readonly frames: Frames
  readonly popovers: Popovers
  readonly history: History
  readonly clock: Clock
  readonly upload: Upload | null
  readonly placeholder: string
  /** Of what is written here, as BCP 47 names it; null leaves what is typed as it is typed. */
  readonly language: string | null
  /** Who is here too, and where; null when one writes unseen. */
  readonly company: Company | null
  /** Positions at which colleagues have their carets now. */
  readonly othersAt: () => readonly number[]
  /** The view, once it exists; features call this only from events and plugin views. */
  view(): EditorView
  /** Says `text` to screen readers when they are idle. */
  announce(text: string): void
}

export interface Colleague {
  readonly clientId: number
  /** As they call themselves, shortened. */
  readonly name: string
  /** A position inside the block they are in; null without a caret. */
  readonly pos: number | null
}

export interface Company {
  /** Of everybody but this person. */
  names(): ReadonlySet<string>
  /** Everybody but this person, with their places; once there is a view. */
  colleagues(): readonly Colleague[]
  /** Calls `listener` when somebody comes or goes, until the returned function is called. */
  onChange(listener: () => void): () => void
}

/** An entry of the slash menu. */
export interface SlashItem extends Suggestion {
  readonly icon: Icon
  readonly group: string
  /** Other words that find it. */
  readonly words?: string
}

export interface Feature {
  readonly name: string
  readonly keys?: (context: EditorContext) => Readonly<Record<string, Command>>
  readonly rules?: (context: EditorContext) => readonly InputRule[]
  readonly plugins?: (context: EditorContext) => readonly Plugin[]
  /** Signs that open a list of suggestions. */
  readonly triggers?: (context: EditorContext) => readonly Trigger[]
}
