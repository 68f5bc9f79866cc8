/** How a shortcut is shown to people: `Mod-Shift-7` becomes `⌘⇧7` on Apple devices and `Ctrl+Shift+7` elsewhere. */

const isApple: boolean =
  typeof navigator !== 'undefined' && /Mac|iP(hone|[oa]d)/.test(navigator.platform)

const appleNames: Readonly<Record<string, string>> = {
  Mod: '⌘',
  Shift: '⇧',
  Alt: '⌥',
  Ctrl: '⌃',
  Enter: '↩',
}
const otherNames: Readonly<Record<string, string>> = { Mod: 'Ctrl', ArrowUp: '↑', ArrowDown: '↓' }

/** The visible form of a ProseMirror key name. */
export function keyLabel(key: string, apple: boolean = isApple): string {
  const parts = key.split(/-(?!$)/)
  if (apple) return parts.map((part) => appleNames[part] ?? part.toUpperCase()).join('')
  return parts
    .map((part) => otherNames[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join('+')
}

/** The same for `aria-keyshortcuts`, which has its own spelling. */
export function ariaKey(key: string, apple: boolean = isApple): string {
  return key
    .split(/-(?!$)/)
    .map((part) => (part === 'Mod' ? (apple ? 'Meta' : 'Control') : part))
    .join('+')
}
