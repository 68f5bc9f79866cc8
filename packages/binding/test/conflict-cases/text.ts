/** Words and marks under two hands. */
import { bold, code, doc, italic, link, p } from '@quire/testkit'
import { type Conflict, mark, remove, split, type } from './conflict.ts'

export const text: readonly Conflict[] = [
  {
    name: 'both type in the same empty block',
    before: doc(p('<b>')),
    a: type('AAA'),
    b: type('BBB'),
    after: { below: ['p AAABBB'], above: ['p BBBAAA'] },
    short: {
      undone: { below: ['p BBB'], above: ['p AAA'] },
      loses:
        'undo of the first words in an empty block into which two people began to type at once',
    },
  },
  {
    name: 'both type at the same place',
    before: doc(p('x<b>y')),
    a: type('AAA'),
    b: type('BBB'),
    after: { below: ['p xAAABBBy'], above: ['p xBBBAAAy'] },
  },
  {
    name: 'one types within what the other deletes',
    before: doc(p('keep <a>delete<b> this<z> keep')),
    a: remove(),
    b: type('NEW'),
    after: ['p keep NEW keep'],
  },
  {
    name: 'both delete the same words',
    before: doc(p('a<a> b<b> c<z> d')),
    a: remove('a', 'z'),
    b: remove('b', 'z'),
    after: ['p a d'],
  },
  {
    name: 'marks that overlap',
    before: doc(p('<a>one <b>two<z> three<y>')),
    a: mark('bold', 'a', 'z'),
    b: mark('italic', 'b', 'y'),
    after: ['p **one ****_two_**_ three_'],
  },
  {
    name: 'the same mark on ranges that overlap',
    before: doc(p('<a>one <b>two<z> three<y>')),
    a: mark('bold', 'a', 'z'),
    b: mark('bold', 'b', 'y'),
    after: ['p **one two three**'],
    short: {
      after: ['p **one two** three'],
      loses: 'the end of a mark that two people give to overlapping words at once',
    },
  },
  {
    name: 'words become bold while somebody types within them',
    before: doc(p('<a>make<b> this bold<z>')),
    a: mark('bold'),
    b: type(' all of'),
    after: ['p **make all of this bold**'],
  },
  {
    name: 'words become a link while somebody types within them',
    before: doc(p('see <a>the<b> page<z> now')),
    a: mark('link', 'a', 'z', { href: '/x' }),
    b: type(' other'),
    after: ['p see [the other page](/x) now'],
  },
  {
    name: 'words become a link while somebody types behind them',
    before: doc(p('see <a>this<z><b>')),
    a: mark('link', 'a', 'z', { href: '/x' }),
    b: type(' now'),
    after: ['p see [this](/x) now'],
    short: {
      after: { below: ['p see [this](/x) now'], above: ['p see [this now](/x)'] },
      loses:
        'the end of a link or mark, when somebody types exactly there while another person sets it',
    },
  },
  {
    name: 'two links for the same words: one of them wins, for both',
    before: doc(p('<a>words<z>')),
    a: mark('link', 'a', 'z', { href: '/a' }),
    b: mark('link', 'a', 'z', { href: '/b' }),
    after: { below: ['p [words](/b)'], above: ['p [words](/a)'] },
  },
  {
    name: 'bold words are made plain while somebody types next to them',
    before: doc(p(bold('<a>bold<z>'), '<b> plain')),
    a: (at) => ({
      kind: 'mark',
      from: at['a']!,
      to: at['z']!,
      mark: 'bold',
      attrs: null,
      isOn: false,
    }),
    b: type(' and'),
    after: ['p bold and plain'],
  },
  {
    name: 'both type in one code block',
    before: doc(code('<a>let a')),
    a: type('// A\n', 'a'),
    b: (at) => ({ kind: 'type', at: at['a']! + 5, text: ' = 1' }),
    after: ['code "// A\\nlet a = 1"'],
  },
  {
    name: 'a link is taken away while somebody types in its words',
    before: doc(p('see ', link('/x', '<a>the<b> page<z>'), ' now')),
    a: (at) => ({
      kind: 'mark',
      from: at['a']!,
      to: at['z']!,
      mark: 'link',
      attrs: null,
      isOn: false,
    }),
    b: type(' other'),
    after: ['p see the other page now'],
  },
  {
    name: 'one makes words bold, the other takes their italics away',
    before: doc(p(italic('<a>words<z>'), ' more')),
    a: mark('bold'),
    b: (at) => ({
      kind: 'mark',
      from: at['a']!,
      to: at['z']!,
      mark: 'italic',
      attrs: null,
      isOn: false,
    }),
    after: ['p **words** more'],
  },
  {
    name: 'words are pasted over others while somebody types among those',
    before: doc(p('<c>copy<d> and <a>old<b> words<z> end')),
    a: (at) => ({
      kind: 'paste',
      from: at['a']!,
      to: at['z']!,
      sliceFrom: at['c']!,
      sliceTo: at['d']!,
    }),
    b: type('NEW'),
    after: ['p copy and copyNEW end'],
  },
  {
    name: 'lines are pasted into a block while another person splits it further on',
    before: doc(p('<c>one'), p('two<d>'), p('aa<a>bb<b>cc')),
    a: (at) => ({
      kind: 'paste',
      from: at['a']!,
      to: at['a']!,
      sliceFrom: at['c']!,
      sliceTo: at['d']!,
    }),
    b: split('b'),
    after: ['p one', 'p two', 'p aaone', 'p twobb', 'p cc'],
    short: {
      after: {
        below: ['p one', 'p two', 'p aaone', 'p twobb', 'p cc'],
        above: ['p one', 'p two', 'p aaone', 'p twobbcc'],
      },
      loses: 'the split, when lines are pasted into a block that another person splits further on',
    },
  },
]
