/**
 * A toggle under two hands: its title, and the lines behind it that stand further in. Whether it is open is
 * each reader's own and not in the document, so there is nothing to conflict in that.
 */
import { doc, p, toggle } from '@quire/testkit'
import { type Conflict, drag, join, removeBlock, split, type, write } from './conflict.ts'

export const toggles: readonly Conflict[] = [
  {
    name: 'a paragraph becomes a toggle while somebody types in it',
    before: doc(p('<a>title<b>'), p('in it', { indent: 1 })),
    a: write({ kind: 'toggle' }),
    b: type('!'),
    after: ['toggle title!', '  p in it'],
  },
  {
    name: 'a toggle becomes a heading while somebody types its title',
    before: doc(toggle('<a>title<b>'), p('in it', { indent: 1 })),
    a: write({ kind: 'heading', level: 2 }),
    b: type('!'),
    after: ['h2 title!', '  p in it'],
  },
  {
    name: 'a toggle becomes a paragraph while a line in it goes further in',
    before: doc(toggle('<a>title'), p('one<b>', { indent: 1 })),
    a: write({ kind: 'paragraph' }),
    b: write({ indent: 2 }, 'b'),
    after: ['p title', '    p one'],
  },
  {
    name: 'the first line of a toggle is joined to its title while somebody types the title',
    before: doc(toggle('ti<b>tle '), p('<a>one', { indent: 1 }), p('two', { indent: 1 })),
    a: join(),
    b: type('!'),
    after: ['toggle ti!tle one', '  p two'],
  },
  {
    name: 'the first line of a toggle is joined to its title while somebody types in the line',
    before: doc(toggle('title '), p('<a>one<b>', { indent: 1 }), p('two', { indent: 1 })),
    a: join(),
    b: type('!'),
    after: ['toggle title one!', '  p two'],
  },
  {
    name: 'a toggle is joined to the line before it while somebody types its title',
    before: doc(p('line '), toggle('<a>title<b>'), p('in it', { indent: 1 })),
    a: join(),
    b: type('!'),
    after: ['p line title!', '  p in it'],
  },
  {
    name: 'the title of a toggle is split while somebody types at its end',
    before: doc(toggle('one <a>two<b>'), p('in it', { indent: 1 })),
    a: split(),
    b: type('!'),
    after: ['toggle one ', 'toggle two!', '  p in it'],
  },
  {
    name: 'a toggle is dragged with what is in it while somebody types its title',
    before: doc(toggle('title<b>'), p('in it', { indent: 1 }), p('last')),
    a: drag(0, 3, 2),
    b: type('!'),
    after: ['p last', 'toggle title!', '  p in it'],
  },
  {
    name: 'a toggle is dragged with what is in it while somebody types there',
    before: doc(toggle('title'), p('in it<b>', { indent: 1 }), p('last')),
    a: drag(0, 3, 2),
    b: type('!'),
    after: ['p last', 'toggle title', '  p in it!'],
  },
  {
    name: 'a toggle is dragged with what is in it while a line of it is split',
    before: doc(toggle('title'), p('in <b>it', { indent: 1 }), p('last')),
    a: drag(0, 3, 2),
    b: split('b'),
    after: {
      below: ['p last', 'toggle title', '  p in ', '  p it'],
      above: ['p last', 'toggle title', '  p in it'],
    },
    short: {
      after: {
        below: ['  p it', 'p last', 'toggle title', '  p in '],
        above: ['p last', 'toggle title', '  p in it'],
      },
      loses:
        'the place of the second half of a line that is split while another person drags it away',
    },
  },
  {
    name: 'a toggle is dragged with what is in it by both',
    before: doc(toggle('title'), p('in it', { indent: 1 }), p('one'), p('two')),
    a: drag(0, 3, 2),
    b: drag(0, 4, 2),
    after: {
      below: ['p one', 'p two', 'toggle title', '  p in it'],
      above: ['p one', 'toggle title', '  p in it', 'p two'],
    },
  },
  {
    name: 'a line is dragged out of a toggle while somebody types in it',
    before: doc(toggle('title'), p('one<b>', { indent: 1 }), p('last')),
    a: drag(1, 3),
    b: type('!'),
    after: ['toggle title', 'p last', '  p one!'],
  },
  {
    name: 'a toggle is deleted while somebody types in a line of it: the line stays',
    before: doc(toggle('<a>title<z>'), p('one<b>', { indent: 1 }), p('last')),
    a: removeBlock(),
    b: type('!'),
    after: ['  p one!', 'p last'],
  },
]
