/** Emoji by name: `:ta` offers what begins with it, `:tada:` writes it at once. Names are those of GitHub. */
import { isNode } from '../../shape.ts'
import { isWordStart, type Suggestion, type Trigger } from '../suggest/trigger.ts'

/** What a screen of the list holds. */
const shownMax = 30

let loading: Promise<readonly Suggestion[]> | null = null

/** Fetched when somebody first asks: most documents never do. */
function all(): Promise<readonly Suggestion[]> {
  loading ??= import('emojibase-data/en/shortcodes/github.json', { with: { type: 'json' } }).then(
    ({ default: names }) => suggestionsOf(names),
    () => {
      // Offline, perhaps: the next one who asks tries again, and what was typed stays as text.
      loading = null
      return []
    },
  )
  return loading
}

function suggestionsOf(
  names: Readonly<Record<string, string | readonly string[]>>,
): readonly Suggestion[] {
  return Object.entries(names).flatMap(([codes, name]) => {
    const sign = signOf(codes)
    return [name].flat().map((id) => ({
      id,
      label: id.replaceAll('_', ' '),
      icon: sign,
      edit: (tr) => {
        tr.insertText(sign)
        return true
      },
    }))
  })
}

/** The letters of hexadecimal code points, each told to look like an emoji where it would not by itself. */
function signOf(codes: string): string {
  const points = codes.split('-').map((code) => String.fromCodePoint(Number.parseInt(code, 16)))
  return points
    .map((point, index) => {
      const isKeycap = points[index + 1] === '\u20e3'
      const isText =
        /\p{Extended_Pictographic}/u.test(point) && !/\p{Emoji_Presentation}/u.test(point)
      return isKeycap || isText ? `${point}\ufe0f` : point
    })
    .join('')
}

/** Those whose name begins with the words, then those with a word of the name that does, then the rest; short names first. */
export function narrow(emoji: readonly Suggestion[], query: string): readonly Suggestion[] {
  const wanted = query.toLowerCase()
  const ranks: Suggestion[][] = [[], [], [], []]
  for (const one of emoji) {
    const at = one.id.indexOf(wanted)
    if (at < 0) continue
    const rank = one.id === wanted ? 0 : at === 0 ? 1 : one.id[at - 1] === '_' ? 2 : 3
    ranks[rank]?.push(one)
  }
  const byLength = (a: Suggestion, b: Suggestion): number => a.id.length - b.id.length
  return ranks.flatMap((rank) => rank.sort(byLength)).slice(0, shownMax)
}

export const emojiTrigger: Trigger = {
  name: 'emoji',
  sign: ':',
  label: 'Emoji',
  // `:D` and `10:30` are no questions.
  queryCharsMin: 2,
  queryCharsMax: 32,
  mayOpen: (block, before) => isNode(block, 'block') && isWordStart(before),
  isQuery: (words) => /^[a-z0-9_+-]*$/i.test(words),
  find: async (query) => narrow(await all(), query),
  closing: { sign: ':', idFor: (query) => query.toLowerCase() },
}
