/** The menus of the toolbar as they stand in it. What is in them comes when one is opened: `toolbar-entries.ts`. */
import {
  ChevronDown,
  Ellipsis,
  EllipsisVertical,
  Plus,
  TextAlignCenter,
  TextAlignEnd,
  TextAlignJustify,
  TextAlignStart,
} from 'lucide'
import type { Align, BlockKind } from '../../shape.ts'
import type { Icon } from '../../ui/icon.ts'
import type { MenuButtonItem } from './toolbar-item.ts'

/** The names of block kinds, as the menu and the button show them. */
const kindNames: Readonly<Record<BlockKind | 'code', string>> = {
  paragraph: 'Text',
  heading: 'Heading',
  bullet: 'Bulleted list',
  number: 'Numbered list',
  task: 'Task list',
  quote: 'Quote',
  callout: 'Callout',
  toggle: 'Toggle',
  caption: 'Caption',
  code: 'Code block',
}

export const kindMenu: MenuButtonItem = {
  kind: 'menu',
  id: 'kind',
  label: 'Block style',
  icon: ChevronDown,
  isEnabled: (state) => state.kind !== null,
  text: ({ kind, level }) =>
    kind === null ? 'Text' : kind === 'heading' ? `Heading ${level ?? 1}` : kindNames[kind],
  entries: 'later',
}

export const moreMarksMenu: MenuButtonItem = {
  kind: 'menu',
  id: 'more-formatting',
  label: 'More formatting',
  icon: Ellipsis,
  isEnabled: (state) => state.canFormat,
  entries: 'later',
}

export const alignIcons: Readonly<Record<Align, Icon>> = {
  left: TextAlignStart,
  center: TextAlignCenter,
  right: TextAlignEnd,
  justify: TextAlignJustify,
}

export const alignMenu: MenuButtonItem = {
  kind: 'menu',
  id: 'align',
  label: 'Alignment',
  icon: TextAlignStart,
  iconFor: (state) => alignIcons[state.align ?? 'left'],
  isEnabled: (state) => state.kind !== null && state.kind !== 'code',
  entries: 'later',
}

export const insertMenu: MenuButtonItem = {
  kind: 'menu',
  id: 'insert',
  label: 'Insert',
  icon: Plus,
  entries: 'later',
}

export const toolsMenu: MenuButtonItem = {
  kind: 'menu',
  id: 'tools',
  label: 'Tools',
  icon: EllipsisVertical,
  entries: 'later',
}
