/** The letters of the mathematical alphabets of Unicode: bold, script, double-struck and others. Pure. */

/** Where an alphabet has its A, perhaps its 0 and its capital alpha; from there they go on in order. */
interface Alphabet {
  readonly latin: number
  readonly digits?: number
  readonly greek?: number
}

/** By the names that MathML gives them. */
const alphabets: Readonly<Record<string, Alphabet>> = {
  bold: { latin: 0x1d400, digits: 0x1d7ce, greek: 0x1d6a8 },
  italic: { latin: 0x1d434, greek: 0x1d6e2 },
  'bold-italic': { latin: 0x1d468, greek: 0x1d71c },
  script: { latin: 0x1d49c },
  fraktur: { latin: 0x1d504 },
  'double-struck': { latin: 0x1d538, digits: 0x1d7d8 },
  'sans-serif': { latin: 0x1d5a0, digits: 0x1d7e2 },
  'bold-sans-serif': { latin: 0x1d5d4, digits: 0x1d7ec },
  'sans-serif-italic': { latin: 0x1d608 },
  'sans-serif-bold-italic': { latin: 0x1d63c },
  monospace: { latin: 0x1d670, digits: 0x1d7f6 },
}

/** Those that Unicode had before it had their alphabets. */
const older: Readonly<Record<string, string>> = {
  'italic h': 'ℎ',
  'script B': 'ℬ',
  'script E': 'ℰ',
  'script F': 'ℱ',
  'script H': 'ℋ',
  'script I': 'ℐ',
  'script L': 'ℒ',
  'script M': 'ℳ',
  'script R': 'ℛ',
  'script e': 'ℯ',
  'script g': 'ℊ',
  'script o': 'ℴ',
  'fraktur C': 'ℭ',
  'fraktur H': 'ℌ',
  'fraktur I': 'ℑ',
  'fraktur R': 'ℜ',
  'fraktur Z': 'ℨ',
  'double-struck C': 'ℂ',
  'double-struck H': 'ℍ',
  'double-struck N': 'ℕ',
  'double-struck P': 'ℙ',
  'double-struck Q': 'ℚ',
  'double-struck R': 'ℝ',
  'double-struck Z': 'ℤ',
}

/** `letter` in the alphabet of that name; as it is where the alphabet has none. */
export function letterOf(letter: string, alphabet: string): string {
  const known = older[`${alphabet} ${letter}`]
  if (known !== undefined) return known
  const { latin, digits, greek } = alphabets[alphabet] ?? {}
  const moved =
    placed(letter, 'A', 'Z', latin) ??
    placed(letter, 'a', 'z', latin === undefined ? undefined : latin + 26) ??
    placed(letter, '0', '9', digits) ??
    placed(letter, 'Α', 'Ω', greek) ??
    placed(letter, 'α', 'ω', greek === undefined ? undefined : greek + 26)
  return moved === undefined ? letter : String.fromCodePoint(moved)
}

function placed(
  letter: string,
  first: string,
  last: string,
  start: number | undefined,
): number | undefined {
  if (start === undefined || letter < first || letter > last) return undefined
  return start + (letter.codePointAt(0) ?? 0) - (first.codePointAt(0) ?? 0)
}
