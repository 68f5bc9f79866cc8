/** What an entry of the toolbar is, and how it acts on the text. */
import type { Command } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import type { Icon } from '../../ui/icon.ts'
import type { MenuEntry } from '../../ui/menu.ts'
import type { ToolbarState } from './toolbar-state.ts'

export interface Press {
  readonly context: EditorContext
  readonly view: EditorView
  readonly button: HTMLElement
  readonly state: ToolbarState
  /** The button was pressed with the keyboard: what opens takes the focus. */
  readonly isByKeyboard: boolean
}

interface Common {
  readonly id: string
  readonly label: string
  readonly icon: Icon
  readonly key?: string
  readonly isEnabled?: (state: ToolbarState, context: EditorContext) => boolean
}

export interface ButtonItem extends Common {
  readonly kind: 'button'
  /** Absent: the button does something; present: it switches something on or off. */
  readonly isOn?: (state: ToolbarState) => boolean
  readonly run: (press: Press) => void
}

export interface MenuButtonItem extends Common {
  readonly kind: 'menu'
  /** Text beside the icon, following the selection; absent shows the icon alone. */
  readonly text?: (state: ToolbarState) => string
  readonly iconFor?: (state: ToolbarState) => Icon
  /** `later`: those of `toolbar-entries.ts` under the item's id. */
  readonly entries: ((press: Press) => readonly MenuEntry[]) | 'later'
}

export interface PanelItem extends Common {
  readonly kind: 'panel'
  /** A colour drawn as a stripe below the icon. */
  readonly stripe?: (state: ToolbarState) => string | null
  readonly open: (press: Press) => void
}

export type ToolbarItem = ButtonItem | MenuButtonItem | PanelItem

/** Runs a command and gives the focus back to the text. */
export function runCommand({ view }: Pick<Press, 'view'>, command: Command): void {
  command(view.state, view.dispatch, view)
  view.focus()
}
