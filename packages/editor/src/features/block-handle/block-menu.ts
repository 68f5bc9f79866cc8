/** What the handle of a block offers: another kind, a copy, moving, deleting. */
import {
  ArrowDown,
  ArrowUp,
  Copy,
  Heading1,
  Heading2,
  Heading3,
  Lightbulb,
  List,
  ListCollapse,
  ListOrdered,
  ListTodo,
  Pilcrow,
  Quote,
  SquareCode,
  Trash2,
} from 'lucide'
import { NodeSelection, Selection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { commandOf, type Edit, inOrder } from '../../edit.ts'
import type { EditorContext } from '../../feature.ts'
import { isNode, nodeTypeIn } from '../../shape.ts'
import type { Icon } from '../../ui/icon.ts'
import type { MenuEntry } from '../../ui/menu.ts'
import { setKind, toggleCodeBlock } from '../blocks/set-kind.ts'
import { groupEnd } from '../toggles/group.ts'
import { moveBlocks } from '../moving/move-blocks.ts'

/** `posOf` is asked when an entry is picked: the block may have moved since the menu opened. */
export function blockMenu(
  context: EditorContext,
  view: EditorView,
  posOf: () => number | null,
): readonly MenuEntry[] {
  const pos = posOf()
  const block = pos === null ? null : view.state.doc.nodeAt(pos)
  if (!block) return []
  /** Selects the block first, so that the edit is about it wherever the caret was. */
  const on = (edit: Edit) => (): void => {
    const at = posOf()
    if (at === null || !view.editable) return
    commandOf(inOrder(selectBlock(at), edit))(view.state, view.dispatch)
    view.focus()
  }
  const kind = (label: string, icon: Icon, edit: Edit, isChecked: boolean): MenuEntry => ({
    label,
    icon,
    isChecked,
    run: on(edit),
  })
  const { attrs } = block
  const heading = (level: number, icon: Icon): MenuEntry =>
    kind(
      `Heading ${level}`,
      icon,
      setKind('heading', { level }),
      attrs['kind'] === 'heading' && (attrs['level'] ?? 1) === level,
    )
  const kinds: readonly MenuEntry[] = [
    { kind: 'heading', label: 'Turn into' },
    kind('Text', Pilcrow, setKind('paragraph'), attrs['kind'] === 'paragraph'),
    heading(1, Heading1),
    heading(2, Heading2),
    heading(3, Heading3),
    kind('Bulleted list', List, setKind('bullet'), attrs['kind'] === 'bullet'),
    kind('Numbered list', ListOrdered, setKind('number'), attrs['kind'] === 'number'),
    kind('Task list', ListTodo, setKind('task'), attrs['kind'] === 'task'),
    kind('Quote', Quote, setKind('quote'), attrs['kind'] === 'quote'),
    kind('Toggle', ListCollapse, setKind('toggle'), attrs['kind'] === 'toggle'),
    kind('Callout', Lightbulb, setKind('callout'), attrs['kind'] === 'callout'),
    kind('Code block', SquareCode, toggleCodeBlock(), isNode(block, 'code_block')),
    { kind: 'separator' },
  ]
  const isText = isNode(block, 'block') || isNode(block, 'code_block')
  return [
    ...(isText ? kinds : []),
    { label: 'Duplicate', icon: Copy, run: on(duplicateBlock) },
    {
      label: 'Move up',
      icon: ArrowUp,
      key: 'Alt-ArrowUp',
      run: on(moveBlocks(-1, context.othersAt)),
    },
    {
      label: 'Move down',
      icon: ArrowDown,
      key: 'Alt-ArrowDown',
      run: on(moveBlocks(1, context.othersAt)),
    },
    { kind: 'separator' },
    { label: 'Delete', icon: Trash2, isDangerous: true, run: on(deleteBlock) },
  ]
}

/** Puts the selection into a text block, or onto any other. */
const selectBlock =
  (pos: number): Edit =>
  (tr) => {
    const node = tr.doc.nodeAt(pos)
    if (!node) return false
    if (node.isTextblock) tr.setSelection(Selection.near(tr.doc.resolve(pos + 1)))
    else tr.setSelection(NodeSelection.create(tr.doc, pos))
    return true
  }

const ofSelection = (tr: Parameters<Edit>[0]): { from: number; to: number } => {
  const { $from, from, to } = tr.selection
  const start = $from.depth > 0 ? $from.before(1) : from
  return {
    from: start,
    to: Math.max($from.depth > 0 ? $from.after(1) : to, groupEnd(tr.doc, start)),
  }
}

const duplicateBlock: Edit = (tr) => {
  const { from, to } = ofSelection(tr)
  tr.insert(to, tr.doc.slice(from, to).content)
  tr.setSelection(Selection.near(tr.doc.resolve(to + 1)))
  return true
}

/** The last block of a document is emptied instead: there is always one to write in. */
const deleteBlock: Edit = (tr) => {
  const { from, to } = ofSelection(tr)
  if (tr.doc.childCount === 1) tr.replaceWith(from, to, nodeTypeIn(tr, 'block').create())
  else tr.delete(from, to)
  tr.setSelection(Selection.near(tr.doc.resolve(Math.min(from + 1, tr.doc.content.size))))
  return true
}
