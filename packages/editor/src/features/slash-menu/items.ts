/** What the slash menu offers, and how typing narrows it. */
import {
  Captions,
  Heading1,
  Heading2,
  Heading3,
  Image,
  Lightbulb,
  List,
  ListCollapse,
  ListOrdered,
  ListTodo,
  Minus,
  Pilcrow,
  Quote,
  Radical,
  SeparatorHorizontal,
  Sigma,
  SquareCode,
  Table,
} from 'lucide'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext, SlashItem } from '../../feature.ts'
import { rangeAnchor } from '../../ui/range-anchor.ts'
import { setKind, toggleCodeBlock } from '../blocks/set-kind.ts'
import { insertDivider, insertPageBreak } from '../dividers/insert-divider.ts'
import { askForImage } from '../images/ask-for-image.ts'
import { pickImages } from '../images/uploads.ts'
import { openNewMath } from '../math/math-editor.ts'
import { askForTable } from '../tables/ask-for-table.ts'

const text = 'Text'
const lists = 'Lists'
const more = 'Blocks'
const media = 'Media'

/** All entries, in the order in which they are shown. */
export function slashItems(context: EditorContext): readonly SlashItem[] {
  const heading = (level: 1 | 2 | 3, icon: SlashItem['icon'], hint: string): SlashItem => ({
    id: `heading-${level}`,
    group: text,
    label: `Heading ${level}`,
    hint,
    icon,
    words: `h${level} title section`,
    key: `Mod-Alt-${level}`,
    edit: setKind('heading', { level }),
  })
  const atCaret = (view: EditorView) => rangeAnchor(view, () => view.state.selection)
  return [
    {
      id: 'text',
      group: text,
      label: 'Text',
      hint: 'Plain paragraph',
      icon: Pilcrow,
      words: 'paragraph normal plain',
      key: 'Mod-Alt-0',
      edit: setKind('paragraph'),
    },
    heading(1, Heading1, 'Large section title'),
    heading(2, Heading2, 'Section title'),
    heading(3, Heading3, 'Small section title'),
    {
      id: 'bullet',
      group: lists,
      label: 'Bulleted list',
      hint: 'Points without an order',
      icon: List,
      words: 'ul unordered points',
      key: 'Mod-Shift-8',
      edit: setKind('bullet'),
    },
    {
      id: 'number',
      group: lists,
      label: 'Numbered list',
      hint: 'Steps in an order',
      icon: ListOrdered,
      words: 'ol ordered steps',
      key: 'Mod-Shift-7',
      edit: setKind('number'),
    },
    {
      id: 'task',
      group: lists,
      label: 'Task list',
      hint: 'Things to tick off',
      icon: ListTodo,
      words: 'todo checkbox check',
      key: 'Mod-Shift-9',
      edit: setKind('task'),
    },
    {
      id: 'quote',
      group: more,
      label: 'Quote',
      hint: 'Somebody else’s words',
      icon: Quote,
      words: 'blockquote citation',
      edit: setKind('quote'),
    },
    {
      id: 'callout',
      group: more,
      label: 'Callout',
      hint: 'Something to notice',
      icon: Lightbulb,
      words: 'note info warning tip',
      edit: setKind('callout'),
    },
    {
      id: 'toggle',
      group: more,
      label: 'Toggle',
      hint: 'A line that opens and closes',
      icon: ListCollapse,
      words: 'details collapse fold summary',
      edit: setKind('toggle'),
    },
    {
      id: 'caption',
      group: more,
      label: 'Caption',
      hint: 'Words below a picture',
      icon: Captions,
      words: 'figure legend',
      edit: setKind('caption'),
    },
    {
      id: 'code',
      group: more,
      label: 'Code block',
      hint: 'Text as it is typed',
      icon: SquareCode,
      words: 'pre snippet program',
      edit: toggleCodeBlock(),
    },
    {
      id: 'formula',
      group: more,
      label: 'Formula',
      hint: 'On a line of its own',
      icon: Sigma,
      words: 'math tex latex equation',
      run: (view) => openNewMath(context, view, 'math_block'),
    },
    {
      id: 'formula-in-line',
      group: more,
      label: 'Formula in a line',
      hint: 'Among words, or $x$',
      icon: Radical,
      words: 'math tex latex inline',
      run: (view) => openNewMath(context, view, 'math_inline'),
    },
    {
      id: 'divider',
      group: more,
      label: 'Divider',
      hint: 'A line across the page',
      icon: Minus,
      words: 'hr rule line separator',
      edit: insertDivider,
    },
    {
      id: 'page-break',
      group: more,
      label: 'Page break',
      hint: 'A new page on paper',
      icon: SeparatorHorizontal,
      words: 'print new sheet',
      key: 'Mod-Enter',
      edit: insertPageBreak,
    },
    {
      id: 'image',
      group: media,
      label: 'Image',
      hint: 'By address or upload',
      icon: Image,
      words: 'picture photo figure',
      run: (view) => askForImage(context, atCaret(view)),
    },
    ...(context.upload
      ? [
          {
            id: 'upload',
            group: media,
            label: 'Upload an image',
            hint: 'From this device',
            icon: Image,
            words: 'picture photo file',
            run: (view: EditorView) => pickImages(context, view),
          },
        ]
      : []),
    {
      id: 'table',
      group: media,
      label: 'Table',
      hint: 'Rows and columns',
      icon: Table,
      words: 'grid cells sheet',
      run: (view) => askForTable(context, atCaret(view)),
    },
  ]
}

/**
 * The entries that fit what was typed, best first: names that start with it, then words in names,
 * then other words. An empty query keeps everything in order.
 */
export function filterItems(items: readonly SlashItem[], query: string): readonly SlashItem[] {
  const wanted = query.trim().toLowerCase()
  if (!wanted) return items
  const rank = (item: SlashItem): number => {
    const label = item.label.toLowerCase()
    if (label.startsWith(wanted) || item.id.startsWith(wanted)) return 0
    if (label.split(' ').some((word) => word.startsWith(wanted))) return 1
    // "h2", "heading2": people leave the space out.
    if (label.replaceAll(' ', '').startsWith(wanted.replaceAll(' ', ''))) return 1
    if (item.words?.split(' ').some((word) => word.startsWith(wanted))) return 2
    return -1
  }
  return items
    .map((item, order) => ({ item, order, rank: rank(item) }))
    .filter((entry) => entry.rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.order - b.order)
    .map((entry) => entry.item)
}
