/** What is in the menus of the toolbar: block style, more formatting, alignment, insert, tools. */
import {
  CaseUpper,
  ClipboardCopy,
  Heading1,
  Heading2,
  Heading3,
  Heading4,
  Heading5,
  Heading6,
  Image,
  Keyboard,
  Lightbulb,
  ListCollapse,
  Minus,
  Pilcrow,
  Quote,
  Radical,
  RemoveFormatting,
  Search,
  SeparatorHorizontal,
  Sigma,
  SquareCode,
  Strikethrough,
  Subscript,
  Superscript,
  Table,
} from 'lucide'
import { commandOf } from '../../edit.ts'
import type { Align, BlockKind, PlainMark } from '../../shape.ts'
import type { Icon } from '../../ui/icon.ts'
import type { MenuEntry } from '../../ui/menu.ts'
import { setAlign, setKind, toggleCodeBlock, toggleKind } from '../blocks/set-kind.ts'
import { insertDivider, insertPageBreak } from '../dividers/insert-divider.ts'
import { openCounts } from '../counts/count-dialog.ts'
import { openFind } from '../find/plugin.ts'
import { askForImage } from '../images/ask-for-image.ts'
import { copyMarkdown } from '../markdown/copy-markdown.ts'
import { openNewMath } from '../math/math-editor.ts'
import { clearFormatting, toggleMark } from '../marks/commands.ts'
import { openShortcuts } from '../shortcuts/shortcut-sheet.ts'
import { askForTable } from '../tables/ask-for-table.ts'
import { type Press, runCommand } from './toolbar-item.ts'
import { alignIcons } from './toolbar-menus.ts'

const headingIcons: readonly Icon[] = [Heading1, Heading2, Heading3, Heading4, Heading5, Heading6]

const aligns: readonly { align: Align; label: string; key: string }[] = [
  { align: 'left', label: 'Align left', key: 'Mod-Shift-l' },
  { align: 'center', label: 'Align centre', key: 'Mod-Shift-e' },
  { align: 'right', label: 'Align right', key: 'Mod-Shift-r' },
  { align: 'justify', label: 'Justify', key: 'Mod-Shift-j' },
]

/** By the id of the item in the toolbar. */
export const toolbarEntries: Readonly<Record<string, (press: Press) => readonly MenuEntry[]>> = {
  kind: (press) => {
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
  'more-formatting': (press) => {
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
  align: (press) =>
    aligns.map(({ align, label, key }) => ({
      label,
      icon: alignIcons[align],
      key,
      isChecked: (press.state.align ?? 'left') === align,
      run: () => runCommand(press, commandOf(setAlign(align === 'left' ? null : align))),
    })),
  insert: (press) => [
    {
      label: 'Image…',
      icon: Image,
      run: () => askForImage(press.context, press.button),
    },
    {
      label: 'Table…',
      icon: Table,
      isDisabled: press.state.isInTable,
      run: () => askForTable(press.context, press.button),
    },
    {
      label: 'Formula…',
      icon: Sigma,
      run: () => openNewMath(press.context, press.view, 'math_block'),
    },
    {
      label: 'Formula in a line…',
      icon: Radical,
      run: () => openNewMath(press.context, press.view, 'math_inline'),
    },
    { label: 'Divider', icon: Minus, run: () => runCommand(press, commandOf(insertDivider)) },
    {
      label: 'Page break',
      icon: SeparatorHorizontal,
      key: 'Mod-Enter',
      isDisabled: press.state.isInTable,
      run: () => runCommand(press, commandOf(insertPageBreak)),
    },
    { kind: 'separator' },
    {
      label: 'Toggle',
      icon: ListCollapse,
      run: () => runCommand(press, commandOf(toggleKind('toggle'))),
    },
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
  tools: (press) => [
    {
      label: 'Find and replace',
      icon: Search,
      key: 'Mod-f',
      run: () => openFind(press.view, { replace: false }),
    },
    {
      label: 'Copy as Markdown',
      icon: ClipboardCopy,
      run: () => copyMarkdown(press.context, press.view),
    },
    {
      label: 'Word count',
      icon: CaseUpper,
      key: 'Mod-Shift-c',
      run: () => openCounts(press.context, press.view),
    },
    {
      label: 'Keyboard shortcuts',
      icon: Keyboard,
      key: 'Mod-/',
      run: () => openShortcuts(press.context),
    },
  ],
}
