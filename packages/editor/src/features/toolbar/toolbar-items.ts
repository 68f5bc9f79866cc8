/** What stands in the toolbar, in order. Data only; `toolbar.ts` draws it and keeps it true. */
import {
  ALargeSmall,
  Baseline,
  Bold,
  Code,
  Highlighter,
  Italic,
  Link,
  List,
  ListIndentDecrease,
  ListIndentIncrease,
  ListOrdered,
  ListTodo,
  PaintRoller,
  Redo2,
  Underline,
  Undo2,
} from 'lucide'
import type { Command } from 'prosemirror-state'
import { commandOf } from '../../edit.ts'
import type { BlockKind, PlainMark } from '../../shape.ts'
import type { Icon } from '../../ui/icon.ts'
import { later } from '../../ui/later.ts'
import { indentBy, toggleKind } from '../blocks/set-kind.ts'
import { openPalette, pickMark } from '../colors/open-palette.ts'
import { askForLink } from '../links/ask-for-link.ts'
import { toggleMark } from '../marks/commands.ts'
import { type ButtonItem, type Press, runCommand, type ToolbarItem } from './toolbar-item.ts'
import { alignMenu, insertMenu, kindMenu, moreMarksMenu, toolsMenu } from './toolbar-menus.ts'
import type { ToolbarState } from './toolbar-state.ts'

const run =
  (command: Command) =>
  (press: Press): void =>
    runCommand(press, command)

const canFormat = (state: ToolbarState): boolean => state.canFormat

function markButton(name: PlainMark, label: string, icon: Icon, key: string): ButtonItem {
  return {
    kind: 'button',
    id: name,
    label,
    icon,
    key,
    isOn: (state) => state.marks.has(name),
    isEnabled: canFormat,
    run: run(toggleMark(name)),
  }
}

function kindButton(kind: BlockKind, label: string, icon: Icon, key: string): ButtonItem {
  return {
    kind: 'button',
    id: kind,
    label,
    icon,
    key,
    isOn: (state) => state.kind === kind,
    isEnabled: (state) => state.kind !== null,
    run: run(commandOf(toggleKind(kind))),
  }
}

/** The groups of the toolbar, separated by a thin line. */
export const toolbarGroups: readonly (readonly ToolbarItem[])[] = [
  [
    {
      kind: 'button',
      id: 'undo',
      label: 'Undo',
      icon: Undo2,
      key: 'Mod-z',
      isEnabled: (_, { history }) => history.canUndo(),
      run: (press) => runCommand(press, press.context.history.undo),
    },
    {
      kind: 'button',
      id: 'redo',
      label: 'Redo',
      icon: Redo2,
      key: 'Mod-Shift-z',
      isEnabled: (_, { history }) => history.canRedo(),
      run: (press) => runCommand(press, press.context.history.redo),
    },
  ],
  [
    {
      kind: 'button',
      id: 'format-painter',
      label: 'Copy formatting',
      icon: PaintRoller,
      key: 'Mod-Alt-Shift-c',
      isEnabled: canFormat,
      run: ({ context, button }) =>
        later(context, button, ({ pressBrush }) => pressBrush(context, button)),
    },
    kindMenu,
    {
      kind: 'panel',
      id: 'font',
      label: 'Font and size',
      icon: ALargeSmall,
      isEnabled: canFormat,
      open: ({ context, button, isByKeyboard }) =>
        later(context, button, ({ openFontPanel }) =>
          openFontPanel(context, { button, takeFocus: isByKeyboard }),
        ),
    },
  ],
  [
    markButton('bold', 'Bold', Bold, 'Mod-b'),
    markButton('italic', 'Italic', Italic, 'Mod-i'),
    markButton('underline', 'Underline', Underline, 'Mod-u'),
    markButton('code', 'Code', Code, 'Mod-e'),
    moreMarksMenu,
  ],
  [
    {
      kind: 'panel',
      id: 'color',
      label: 'Text colour',
      icon: Baseline,
      isEnabled: canFormat,
      stripe: (state) => state.color,
      open: (press) => pickColor(press, 'color'),
    },
    {
      kind: 'panel',
      id: 'highlight',
      label: 'Highlight',
      icon: Highlighter,
      isEnabled: canFormat,
      stripe: (state) => state.highlight,
      open: (press) => pickColor(press, 'highlight'),
    },
    {
      kind: 'button',
      id: 'link',
      label: 'Link',
      icon: Link,
      key: 'Mod-k',
      isEnabled: (state) => state.canFormat && state.kind !== 'code',
      isOn: (state) => state.isLink,
      run: ({ context, view }) => askForLink(context, view),
    },
  ],
  [alignMenu],
  [
    kindButton('bullet', 'Bulleted list', List, 'Mod-Shift-8'),
    kindButton('number', 'Numbered list', ListOrdered, 'Mod-Shift-7'),
    kindButton('task', 'Task list', ListTodo, 'Mod-Shift-9'),
    {
      kind: 'button',
      id: 'outdent',
      label: 'Less indent',
      icon: ListIndentDecrease,
      key: 'Shift-Tab',
      isEnabled: (state) => state.canOutdent,
      run: run(commandOf(indentBy(-1))),
    },
    {
      kind: 'button',
      id: 'indent',
      label: 'More indent',
      icon: ListIndentIncrease,
      key: 'Tab',
      isEnabled: (state) => state.canIndent,
      run: run(commandOf(indentBy(1))),
    },
  ],
  [insertMenu],
  [toolsMenu],
]

function pickColor(press: Press, mark: 'color' | 'highlight'): void {
  const { context, view, button, isByKeyboard } = press
  openPalette(context, {
    choice: mark,
    button,
    current: press.state[mark],
    takeFocus: isByKeyboard,
    onPick: pickMark(view, mark),
  })
}
