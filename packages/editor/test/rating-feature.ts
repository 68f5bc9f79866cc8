/** A feature as somebody else would write it: stars in a line, and words that hide until they are pointed at. Imports the front door only. */
import { InputRule } from 'prosemirror-inputrules'
import { toggleMark } from 'prosemirror-commands'
import type { Schema } from 'prosemirror-model'
import type { Command } from 'prosemirror-state'
import type { Edit, Feature, Icon } from '../src/index.ts'

const star: Icon = [['path', { d: 'M12 2l3 7h7l-6 4 3 8-7-5-7 5 3-8-6-4h7z' }]]

const stars = (schema: Schema, count: number) => schema.node('rating_stars', { count })

const insertStars =
  (count: number): Edit =>
  (tr) => {
    tr.replaceSelectionWith(stars(tr.doc.type.schema, count), false)
    return true
  }

const hide =
  (schema: Schema): Command =>
  (state, dispatch) =>
    toggleMark(schema.mark('rating_spoiler').type)(state, dispatch)

export const rating: Feature = {
  name: 'rating',
  nodes: {
    rating_stars: {
      group: 'inline',
      inline: true,
      atom: true,
      attrs: {
        count: {
          default: 0,
          validate(value) {
            if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > 5) {
              throw new RangeError('from no star to five')
            }
          },
        },
      },
      parseDOM: [
        {
          tag: 'span[data-stars]',
          getAttrs: (element) => {
            const count = Number(element.dataset['stars'])
            return Number.isInteger(count) && count >= 0 && count <= 5 && { count }
          },
        },
      ],
      toDOM: ({ attrs }) => [
        'span',
        { 'data-stars': String(attrs['count']) },
        '★'.repeat(Number(attrs['count'])),
      ],
      leafText: ({ attrs }) => '★'.repeat(Number(attrs['count'])),
    },
  },
  marks: {
    rating_spoiler: {
      parseDOM: [{ tag: 'span.spoiler' }],
      toDOM: () => ['span', { class: 'spoiler' }, 0],
    },
  },
  commands: ({ schema }) => ({ 'rating.hide': hide(schema) }),
  keys: ({ schema }) => ({ 'Mod-Alt-h': hide(schema) }),
  rules: ({ schema }) => [
    new InputRule(/\(([0-5])\/5\)$/, (state, match, from, to) =>
      state.tr.replaceWith(from, to, stars(schema, Number(match[1]))),
    ),
  ],
  slashItems: () => [
    { id: 'stars', group: 'Rating', label: 'Five stars', icon: '★', edit: insertStars(5) },
  ],
  toolbarItems: ({ schema }) => [
    {
      kind: 'button',
      id: 'spoiler',
      label: 'Hide words',
      icon: star,
      isOn: (state) => state.marks.has('rating_spoiler'),
      run: ({ view }) => hide(schema)(view.state, view.dispatch),
    },
  ],
}
