/** Formulas and mentions, which stand in a line like a letter, under two hands. */
import { doc, type Draft, p } from '@quire/testkit'
import { type Conflict, drag, join, makeCode, mark, remove, split, type } from './conflict.ts'

const math: Draft = { type: 'math_inline', attrs: { tex: 'x^2' }, content: [] }
const ada: Draft = {
  type: 'mention',
  attrs: { of: 'person', target: 'u1', label: 'Ada' },
  content: [],
}
const formula: Draft = { type: 'math_block', attrs: { tex: 'a=b' }, content: [] }

export const atoms: readonly Conflict[] = [
  {
    name: 'words around a formula become bold while somebody types behind it',
    before: doc(p('<a>see ', math, ' there<z><b>')),
    a: mark('bold'),
    b: type('!'),
    after: {
      below: ['p **see **<math_inline>** there**!'],
      above: ['p **see **<math_inline>** there!**'],
    },
  },
  {
    name: 'a block with a mention is dragged while somebody types in it',
    before: doc(p('ask ', ada, ' now<b>'), p('two'), p('three')),
    a: drag(0, 3),
    b: type('!'),
    after: ['p two', 'p three', 'p ask <mention> now!'],
  },
  {
    name: 'a block with a formula is joined to the one above while somebody types behind the formula',
    before: doc(p('first '), p('<a>so ', math, ' is<b>')),
    a: join(),
    b: type(' it'),
    after: ['p first so <math_inline> is it'],
  },
  {
    name: 'a block is split in front of a mention while somebody types behind it',
    before: doc(p('ask <a>', ada, ' now<b>')),
    a: split(),
    b: type('!'),
    after: ['p ask ', 'p <mention> now!'],
  },
  {
    name: 'a formula of its own is dragged while somebody types in another block',
    before: doc(formula, p('two<b>'), p('three')),
    a: drag(0, 3),
    b: type('!'),
    after: ['p two!', 'p three', 'math_block{tex=a=b}'],
  },
  {
    name: 'both drag the same formula of its own',
    before: doc(formula, p('two'), p('three')),
    a: drag(0, 3),
    b: drag(0, 3),
    after: ['p two', 'p three', 'math_block{tex=a=b}'],
  },
  {
    name: 'both delete the same mention',
    before: doc(p('ask <a>', ada, '<z> now')),
    a: remove(),
    b: remove(),
    after: ['p ask  now'],
  },
  {
    name: 'words with a mention are deleted while somebody types in them',
    before: doc(p('so <a>ask ', ada, ' n<b>ow<z>, please')),
    a: remove(),
    b: type('NEW'),
    after: ['p so NEW, please'],
    short: {
      after: ['p so , pleaseNEW'],
      loses:
        'the place of words in a part of a line that is deleted together with the mention in front of it: they stand at the end of the line',
    },
  },
  {
    name: 'a block with a formula becomes code while somebody types behind the formula',
    before: doc(p('<a>let ', math, ' be<b>')),
    a: makeCode(),
    b: type('!'),
    after: ['code "let  be!"'],
  },
]
