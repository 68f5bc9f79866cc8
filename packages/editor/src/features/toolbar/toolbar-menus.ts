/** The menus of the toolbar: block style, more formatting, alignment, insert, tools. */
import {
  CaseUpper,
  ChevronDown,
  Ellipsis,
  EllipsisVertical,
  Heading1,
  Heading2,
  Heading3,
  Heading4,
  Heading5,
  Heading6,
  Image,
  Keyboard,
  Lightbulb,
  Minus,
  Pilcrow,
  Plus,
  Quote,
  RemoveFormatting,
  Search,
  SquareCode,
  Strikethrough,
  Subscript,
  Superscript,
  Table,
  TextAlignCenter,
  TextAlignEnd,
  TextAlignJustify,
  TextAlignStart,
} from 'lucide'
import { commandOf } from '../../edit.ts'
import type { Align, BlockKind, PlainMark } from '../../shape.ts'
import type { Icon } from '../../ui/icon.ts'
import type { MenuEntry } from '../../ui/menu.ts'
import { setAlign, setKind, toggleCodeBlock, toggleKind } from '../blocks/set-kind.ts'
import { openCounts } from '../counts/count-dialog.ts'
import { insertDivider } from '../dividers/insert-divider.ts'
import { openFind } from '../find/plugin.ts'
import { openImageDialog } from '../images/image-dialog.ts'
import { clearFormatting, toggleMark } from '../marks/commands.ts'
import { openShortcuts } from '../shortcuts/shortcut-sheet.ts'
import { openTablePicker } from '../tables/size-picker.ts'
import { type MenuButtonItem, runCommand } from './toolbar-item.ts'

/** The names of block kinds, as the menu and the button show them. */
const kindNames: Readonly<Record<BlockKind | 'code', string>> = {
  paragraph: 'Text',
  heading: 'Heading',
  bullet: 'Bulleted list',
  number: 'Numbered list',
  task: 'Task list',
  quote: 'Quote',
  callout: 'Callout',
  code: 'Code block',
}

const headingIcons: readonly Icon[] = [Heading1, Heading2, Heading3, Heading4, Heading5, Heading6]

export const kindMenu: MenuButtonItem = {
  kind: 'menu',
  id: 'kind',
  label: 'Block style',
  icon: ChevronDown,
  isEnabled: (state) => state.kind !== null,
  text: ({ kind, level }) =>
    kind === null ? 'Text' : kind === 'heading' ? `Heading ${level ?? 1}` : kindNames[kind],
  entries: (press) => {
    const { state } = press
    const choose =
      (kind: BlockKind, attributes = {}) =>
      () =>
        runCommand(press, commandOf(setKind(kind, attributes)))
    return [
      {
        label: 'Text',
        icon: Pilcrow,
        key: 'Mod-Alt-0',
        isChecked: state.kind === 'paragraph',
        run: choose('paragraph'),
      },
      ...headingIcons.map((icon, index) => {
        const level = index + 1
        return {
          label: `Heading ${level}`,
          icon,
          key: `Mod-Alt-${level}`,
          className: `is-heading-${level}`,
          isChecked: state.kind === 'heading' && (state.level ?? 1) === level,
          run: choose('heading', { level }),
        }
      }),
      { kind: 'separator' },
      { label: 'Quote', icon: Quote, isChecked: state.kind === 'quote', run: choose('quote') },
      {
        label: 'Callout',
        icon: Lightbulb,
        isChecked: state.kind === 'callout',
        run: choose('callout'),
      },
      {
        label: 'Code block',
        icon: SquareCode,
        isChecked: state.kind === 'code',
        run: () => runCommand(press, commandOf(toggleCodeBlock())),
      },
    ]
  },
}

export const moreMarksMenu: MenuButtonItem = {
  kind: 'menu',
  id: 'more-formatting',
  label: 'More formatting',
  icon: Ellipsis,
  isEnabled: (state) => state.canFormat,
  entries: (press) => {
    const mark = (name: PlainMark, label: string, icon: Icon, key: string): MenuEntry => ({
      label,
      icon,
      key,
      isChecked: press.state.marks.has(name),
      run: () => runCommand(press, toggleMark(name)),
    })
    return [
      mark('strike', 'Strikethrough', Strikethrough, 'Mod-Shift-x'),
      mark('superscript', 'Superscript', Superscript, 'Mod-.'),
      mark('subscript', 'Subscript', Subscript, 'Mod-,'),
      { kind: 'separator' },
      {
        label: 'Clear formatting',
        icon: RemoveFormatting,
        key: 'Mod-\\',
        run: () => runCommand(press, clearFormatting),
      },
    ]
  },
}

const aligns: readonly { align: Align; label: string; icon: Icon; key: string }[] = [
  { align: 'left', label: 'Align left', icon: TextAlignStart, key: 'Mod-Shift-l' },
  { align: 'center', label: 'Align centre', icon: TextAlignCenter, key: 'Mod-Shift-e' },
  { align: 'right', label: 'Align right', icon: TextAlignEnd, key: 'Mod-Shift-r' },
  { align: 'justify', label: 'Justify', icon: TextAlignJustify, key: 'Mod-Shift-j' },
]

export const alignMenu: MenuButtonItem = {
  kind: 'menu',
  id: 'align',
  label: 'Alignment',
  icon: TextAlignStart,
  iconFor: (state) => aligns.find(({ align }) => align === state.align)?.icon ?? TextAlignStart,
  isEnabled: (state) => state.kind !== null && state.kind !== 'code',
  entries: (press) =>
    aligns.map(({ align, label, icon, key }) => ({
      label,
      icon,
      key,
      isChecked: (press.state.align ?? 'left') === align,
      run: () => runCommand(press, commandOf(setAlign(align === 'left' ? null : align))),
    })),
}

export const insertMenu: MenuButtonItem = {
  kind: 'menu',
  id: 'insert',
  label: 'Insert',
  icon: Plus,
  entries: (press) => [
    {
      label: 'Image…',
      icon: Image,
      run: () => openImageDialog(press.context, press.view, press.button),
    },
    {
      label: 'Table…',
      icon: Table,
      isDisabled: press.state.isInTable,
      run: () => openTablePicker(press.context, press.view, press.button),
    },
    { label: 'Divider', icon: Minus, run: () => runCommand(press, commandOf(insertDivider)) },
    { kind: 'separator' },
    {
      label: 'Callout',
      icon: Lightbulb,
      run: () => runCommand(press, commandOf(toggleKind('callout'))),
    },
    {
      label: 'Code block',
      icon: SquareCode,
      run: () => runCommand(press, commandOf(toggleCodeBlock())),
    },
  ],
}

export const toolsMenu: MenuButtonItem = {
  kind: 'menu',
  id: 'tools',
  label: 'Tools',
  icon: EllipsisVertical,
  entries: ({ context, view }) => [
    {
      label: 'Find and replace',
      icon: Search,
      key: 'Mod-f',
      run: () => openFind(view, { replace: false }),
    },
    {
      label: 'Word count',
      icon: CaseUpper,
      key: 'Mod-Shift-c',
      run: () => openCounts(context, view),
    },
    {
      label: 'Keyboard shortcuts',
      icon: Keyboard,
      key: 'Mod-/',
      run: () => openShortcuts(context),
    },
  ],
}
