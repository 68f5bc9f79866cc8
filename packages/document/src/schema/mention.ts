/**
 * A mention: a person or a document in a line of text. It keeps the name that it was given, so that it
 * can be read when whoever is meant is gone, and offline.
 */
import type { NodeSpec } from 'prosemirror-model'
import { oneOf, textUpTo } from './attributes.ts'
import { readWord } from './page-element.ts'

/** What can be mentioned. */
export const mentioned: readonly ['person', 'document'] = ['person', 'document']

/** The longest of each, in UTF-16 units. */
export const mentionCharsMax = { target: 200, label: 200 } as const

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** As it stands in text, also where there is no mark for it. */
const wordsOf = (attrs: Readonly<Record<string, unknown>>): string =>
  `${attrs['of'] === 'person' ? '@' : ''}${textOf(attrs['label'])}`

export const mention: NodeSpec = {
  group: 'inline',
  inline: true,
  atom: true,
  attrs: {
    of: { default: null, validate: oneOf(mentioned, 'what is mentioned') },
    /** The id of the person or the document; means something to the application only. */
    target: { default: null, validate: textUpTo(mentionCharsMax.target, 'a target') },
    label: { default: null, validate: textUpTo(mentionCharsMax.label, 'a label') },
  },
  parseDOM: [
    {
      tag: 'span[data-mention]',
      getAttrs: (element) => {
        const of = readWord(element, 'data-mention', mentioned)
        const target = element.getAttribute('data-target')?.slice(0, mentionCharsMax.target)
        const label = element.getAttribute('data-label')?.slice(0, mentionCharsMax.label)
        return of !== null && target !== undefined && label !== undefined && { of, target, label }
      },
    },
  ],
  toDOM: ({ attrs }) => [
    'span',
    {
      'data-mention': textOf(attrs['of']),
      'data-target': textOf(attrs['target']),
      'data-label': textOf(attrs['label']),
    },
    wordsOf(attrs),
  ],
  leafText: ({ attrs }) => wordsOf(attrs),
}
