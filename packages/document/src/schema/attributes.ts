/**
 * The values that attributes may have, and how they are read from HTML.
 *
 * Optional attributes are null by default, and null is "not there" in Yjs: a default that is a value
 * would be written by whoever edits the block next, and could overwrite a colleague's.
 */

export type BlockKind =
  | 'paragraph'
  | 'heading'
  | 'bullet'
  | 'number'
  | 'task'
  | 'quote'
  | 'callout'
  | 'toggle'
  | 'caption'
export type Align = 'left' | 'center' | 'right' | 'justify'
export type Direction = 'ltr' | 'rtl'
export type Tone = 'info' | 'success' | 'warning' | 'danger'

export const blockKinds: readonly BlockKind[] = [
  'paragraph',
  'heading',
  'bullet',
  'number',
  'task',
  'quote',
  'callout',
  'toggle',
  'caption',
]
export const aligns: readonly Align[] = ['left', 'center', 'right', 'justify']
export const tones: readonly Tone[] = ['info', 'success', 'warning', 'danger']

/** The deepest indent of a block; 0 is none. */
export const indentMax = 8
export const headingLevelMax = 6

type Check = (value: unknown) => void

/** A check for one of a list of words, or null. ProseMirror calls it; it throws RangeError. Says its words, for the fingerprint. */
export function oneOf(
  words: readonly string[],
  what: string,
): Check & { readonly words: readonly string[] } {
  const check: Check = (value) => {
    if (value !== null && !(typeof value === 'string' && words.includes(value))) {
      throw new RangeError(`${what} may not be ${JSON.stringify(value)}`)
    }
  }
  return Object.assign(check, { words })
}

/** A check for a whole number from `least` to `most`, or null. */
export function wholeNumber(least: number, most: number, what: string): Check {
  return (value) => {
    if (value === null) return
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
      throw new RangeError(`${what} may not be ${JSON.stringify(value)}`)
    }
  }
}

/** A check for a text of at most `charsMax` characters, or null. */
export function textUpTo(charsMax: number, what: string): Check {
  return (value) => {
    if (value !== null && !(typeof value === 'string' && value.length <= charsMax)) {
      throw new RangeError(`${what} may not be ${JSON.stringify(value)?.slice(0, 80)}`)
    }
  }
}

/** A check for true, false or null. */
export function trueOrFalse(what: string): Check {
  return (value) => {
    if (value !== null && typeof value !== 'boolean') {
      throw new RangeError(`${what} may not be ${JSON.stringify(value)}`)
    }
  }
}

/** The names of colours that word processors write. Any other name is read as no colour. */
const namedColors: Readonly<Record<string, string>> = {
  aqua: '#00ffff',
  black: '#000000',
  blue: '#0000ff',
  cyan: '#00ffff',
  fuchsia: '#ff00ff',
  gray: '#808080',
  green: '#008000',
  grey: '#808080',
  lightgrey: '#d3d3d3',
  lime: '#00ff00',
  magenta: '#ff00ff',
  maroon: '#800000',
  navy: '#000080',
  olive: '#808000',
  orange: '#ffa500',
  purple: '#800080',
  red: '#ff0000',
  silver: '#c0c0c0',
  teal: '#008080',
  white: '#ffffff',
  yellow: '#ffff00',
}

/** `#rrggbb` in lower case, from that, `#rgb`, `rgb(…)` or a common name; null for anything else. */
export function readColor(value: string | null | undefined): string | null {
  const text = (value ?? '').trim().toLowerCase()
  if (Object.hasOwn(namedColors, text)) return namedColors[text] ?? null
  if (/^#[0-9a-f]{6}$/.test(text)) return text
  if (/^#[0-9a-f]{3}$/.test(text)) return text.replaceAll(/[0-9a-f]/g, '$&$&')
  const parts =
    /^rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})(?:[\s,/]+([\d.]+%?))?\s*\)$/.exec(text)
  if (!parts || parts[4] === '0') return null
  const [red, green, blue] = parts.slice(1, 4).map(Number) as [number, number, number]
  if (Math.max(red, green, blue) > 255) return null
  return `#${[red, green, blue].map((n) => n.toString(16).padStart(2, '0')).join('')}`
}

/** The smallest and the largest size of letters, in points. */
export const fontPointsMin = 4
export const fontPointsMax = 400

/** Whether a text is one name of a font and nothing else: nothing in it ends a style or begins another. */
export function isFontFamily(value: unknown): boolean {
  return typeof value === 'string' && /^[\p{L}\p{N}][\p{L}\p{N} ._+-]{0,59}$/u.test(value)
}

export function isFontPoints(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= fontPointsMin && Number(value) <= fontPointsMax
}

export function isColor(value: unknown): boolean {
  return typeof value === 'string' && /^#[0-9a-f]{6}$/.test(value)
}
