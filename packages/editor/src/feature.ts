/**
 * What a feature is: the content, keys, input rules, plugins, commands and entries of menus it brings.
 * Quire's own and those of others are the same. Everything a feature needs from the editor around it
 * comes in the context; features do not know each other.
 */
import type { Clock } from '@quire/base'
import type { ContentTypes } from '@quire/document'
import type { InputRule } from 'prosemirror-inputrules'
import type { Schema } from 'prosemirror-model'
import type { Command, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { Mentions } from './features/mentions/mentions.ts'
import type { Suggestion, Trigger } from './features/suggest/trigger.ts'
import type { ToolbarItem } from './features/toolbar/toolbar-item.ts'
import type { Frames } from './ui/frames.ts'
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
  /** What the application knows of people and documents. */
  readonly mentions: Mentions
  /** Of what is written here, as BCP 47 names it; null leaves what is typed as it is typed. */
  readonly language: string | null
  /** Who is here too, and where; null when one writes unseen. */
  readonly company: Company | null
  /** What features of others put into the slash menu. */
  readonly slashItems: () => readonly SlashItem[]
  /** What they put into the toolbar. */
  readonly toolbarItems: () => readonly ToolbarItem[]
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
  readonly group: string
  /** Other words that find it. */
  readonly words?: string
}

/**
 * A feature. Every member is asked once for each editor, and all but `nodes` and `marks` may be
 * different in each. `nodes` and `marks` are what is stored: never give a name another meaning.
 */
export interface Feature extends ContentTypes {
  /** Unlike all others. */
  readonly name: string
  readonly keys?: (context: EditorContext) => Readonly<Record<string, Command>>
  readonly rules?: (context: EditorContext) => readonly InputRule[]
  readonly plugins?: (context: EditorContext) => readonly Plugin[]
  /** Signs that open a list of suggestions. */
  readonly triggers?: (context: EditorContext) => readonly Trigger[]
  /** What `editor.run` does, by name. */
  readonly commands?: (context: EditorContext) => Readonly<Record<string, Command>>
  /** Entries of the slash menu, behind Quire's own. */
  readonly slashItems?: (context: EditorContext) => readonly SlashItem[]
  /** Entries of the toolbar, in a group at its end. */
  readonly toolbarItems?: (context: EditorContext) => readonly ToolbarItem[]
}
