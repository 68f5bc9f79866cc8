/** The keyboard shortcuts as people are shown them. A test holds each against the keys that are bound. */
export interface Shortcut {
  readonly label: string
  /** ProseMirror key names. */
  readonly keys: readonly string[]
}

export const shortcuts: readonly { readonly title: string; readonly rows: readonly Shortcut[] }[] =
  [
    {
      title: 'Text',
      rows: [
        { label: 'Bold', keys: ['Mod-b'] },
        { label: 'Italic', keys: ['Mod-i'] },
        { label: 'Underline', keys: ['Mod-u'] },
        { label: 'Strikethrough', keys: ['Mod-Shift-x'] },
        { label: 'Code', keys: ['Mod-e'] },
        { label: 'Superscript, subscript', keys: ['Mod-.', 'Mod-,'] },
        { label: 'Larger, smaller', keys: ['Mod-Shift-.', 'Mod-Shift-,'] },
        { label: 'Copy formatting, apply it', keys: ['Mod-Alt-Shift-c', 'Mod-Alt-Shift-v'] },
        { label: 'Clear formatting', keys: ['Mod-\\'] },
        { label: 'Link', keys: ['Mod-k'] },
      ],
    },
    {
      title: 'Blocks',
      rows: [
        { label: 'Plain text', keys: ['Mod-Alt-0'] },
        { label: 'Headings 1 to 6', keys: ['Mod-Alt-1', 'Mod-Alt-6'] },
        { label: 'Numbered list', keys: ['Mod-Shift-7'] },
        { label: 'Bulleted list', keys: ['Mod-Shift-8'] },
        { label: 'Task list', keys: ['Mod-Shift-9'] },
        { label: 'Tick a task, open a toggle, else a page break', keys: ['Mod-Enter'] },
        { label: 'Code block', keys: ['Mod-Alt-c'] },
        { label: 'More indent, less indent', keys: ['Tab', 'Shift-Tab'] },
        { label: 'Move up, move down', keys: ['Alt-ArrowUp', 'Alt-ArrowDown'] },
        { label: 'Line break', keys: ['Shift-Enter'] },
      ],
    },
    {
      title: 'Alignment',
      rows: [
        { label: 'Left, centre', keys: ['Mod-Shift-l', 'Mod-Shift-e'] },
        { label: 'Right, justified', keys: ['Mod-Shift-r', 'Mod-Shift-j'] },
      ],
    },
    {
      title: 'Document',
      rows: [
        { label: 'Undo, redo', keys: ['Mod-z', 'Mod-Shift-z'] },
        { label: 'Find, replace', keys: ['Mod-f', 'Mod-h'] },
        { label: 'Next match, previous match', keys: ['Mod-g', 'Mod-Shift-g'] },
        { label: 'Say where the others are', keys: ['Mod-Alt-w'] },
        { label: 'Word count', keys: ['Mod-Shift-c'] },
        { label: 'Keyboard shortcuts', keys: ['Mod-/'] },
      ],
    },
  ]

/** What is typed instead of pressed. */
export const typedSigns: readonly (readonly [typed: string, gives: string])[] = [
  ['#  …  ######', 'Headings'],
  ['-   1.   [ ]', 'Lists'],
  ['>   >>   ```   ---', 'Quote, toggle, code, divider'],
  ['**bold**   *italic*', 'Formatting'],
  ['`code`   ~~strike~~', 'Code, strikethrough'],
  ['$x$   $$', 'Formula in TeX'],
  ['/', 'Insert anything'],
  [':tada:', 'Emoji'],
]
