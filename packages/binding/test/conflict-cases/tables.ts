/** Tables under two hands. */
import { cell, doc, p, row, table, th } from '@quire/testkit'
import { type Conflict, grid, inTable, merge, type } from './conflict.ts'

export const tables: readonly Conflict[] = [
  {
    name: 'both add a row at the same place',
    before: doc(grid(['<a>a1', 'b1'], ['a2', 'b2'])),
    a: inTable('addRowAfter'),
    b: inTable('addRowAfter'),
    after: ['| a1 | b1 |', '|  |  |', '|  |  |', '| a2 | b2 |'],
  },
  {
    name: 'both add a column at the same place',
    before: doc(grid(['<a>a1', 'b1'], ['a2', 'b2'])),
    a: inTable('addColumnAfter'),
    b: inTable('addColumnAfter'),
    after: ['| a1 |  |  | b1 |', '| a2 |  |  | b2 |'],
  },
  {
    name: 'one adds a row, the other a column: the new row is one cell short until somebody changes the table',
    before: doc(grid(['<a>a1', 'b1'], ['a2', 'b2'])),
    a: inTable('addRowAfter'),
    b: inTable('addColumnAfter'),
    after: ['| a1 |  | b1 |', '|  |  |  |', '| a2 |  | b2 |'],
    short: {
      after: ['| a1 |  | b1 |', '|  |  |', '| a2 |  | b2 |'],
      loses:
        'the shape of a table to which two people add a row and a column at once, until its next change',
    },
  },
  {
    name: 'a row is deleted while somebody types in another one',
    before: doc(grid(['<a>a1', 'b1'], ['a2', 'b2<b>'], ['a3', 'b3'])),
    a: inTable('deleteRow'),
    b: type('!'),
    after: ['| a2 | b2! |', '| a3 | b3 |'],
  },
  {
    name: 'a row is deleted while somebody types in it',
    before: doc(grid(['<a>a1', 'b1<b>'], ['a2', 'b2'])),
    a: inTable('deleteRow'),
    b: type('!'),
    after: ['| a2 | b2 |', 'p !'],
  },
  {
    name: 'a row is deleted while a column is added',
    before: doc(grid(['a1', '<b>b1'], ['<a>a2', 'b2'])),
    a: inTable('deleteRow'),
    b: inTable('addColumnAfter', 'b'),
    after: ['| a1 | b1 |  |'],
  },
  {
    name: 'a column is deleted while somebody types in another one',
    before: doc(grid(['<a>a1', 'b1'], ['a2', 'b2<b>'])),
    a: inTable('deleteColumn'),
    b: type('!'),
    after: ['| b1 |', '| b2! |'],
  },
  {
    name: 'cells are merged while somebody types elsewhere',
    before: doc(grid(['<a>a1', '<z>b1'], ['a2', 'b2<b>'])),
    a: merge(),
    b: type('!'),
    after: ['| (2x1) a1 / b1 |', '| a2 | b2! |'],
  },
  {
    name: 'cells are merged while somebody types in the one that stays',
    before: doc(grid(['<a>a1<b>', '<z>b1'], ['a2', 'b2'])),
    a: merge(),
    b: type('!'),
    after: ['| (2x1) a1! / b1 |', '| a2 | b2 |'],
  },
  {
    name: 'cells are merged while somebody types in one that goes',
    before: doc(grid(['<a>a1', '<z>b1<b>'], ['a2', 'b2'])),
    a: merge(),
    b: type('!'),
    after: ['| (2x1) a1 / b1! |', '| a2 | b2 |'],
  },
  {
    name: 'the header row is switched while somebody types in it',
    before: doc(grid(['<a>a1', 'b1<b>'], ['a2', 'b2'])),
    a: inTable('toggleHeaderRow'),
    b: type('!'),
    after: ['| # a1 | # b1! |', '| a2 | b2 |'],
  },
  {
    name: 'the header row is switched back while a column is added',
    before: doc(table(row(th('<a>a1'), th('b1')), row(cell('a2'), cell('b2')))),
    a: inTable('toggleHeaderRow'),
    b: inTable('addColumnAfter'),
    after: ['| a1 |  | b1 |', '| a2 |  | b2 |'],
  },
  {
    name: 'both type in one cell',
    before: doc(grid(['x<b>'])),
    a: type('AAA'),
    b: type('BBB'),
    after: { below: ['| xAAABBB |'], above: ['| xBBBAAA |'] },
  },
  {
    name: 'both merge the same cells',
    before: doc(grid(['<a>a1', '<z>b1'], ['a2', 'b2'])),
    a: merge(),
    b: merge(),
    after: ['| (2x1) a1 / b1 |', '| a2 | b2 |'],
    short: {
      undone: {
        below: ['| a1 | ∅ | b1 |', '| a2 | b2 |'],
        above: ['| a1 | b1 |', '| a2 | b2 |'],
      },
      loses:
        'the shape of a table in which two people merged the same cells and both undo, until its next change',
    },
  },
  {
    name: 'cells are merged while another person adds a row below',
    before: doc(grid(['<a>a1', '<z>b1'], ['<b>a2', 'b2'])),
    a: merge(),
    b: inTable('addRowAfter', 'b'),
    after: ['| (2x1) a1 / b1 |', '| a2 | b2 |', '|  |  |'],
  },
  {
    name: 'both delete the same column',
    before: doc(grid(['<a>a1', 'b1', 'c1'], ['a2', 'b2', 'c2'])),
    a: inTable('deleteColumn'),
    b: inTable('deleteColumn'),
    after: ['| b1 | c1 |', '| b2 | c2 |'],
  },
  {
    name: 'one deletes a row, the other the row below',
    before: doc(grid(['<a>a1', 'b1'], ['<b>a2', 'b2'], ['a3', 'b3'])),
    a: inTable('deleteRow'),
    b: inTable('deleteRow', 'b'),
    after: ['| a3 | b3 |'],
  },
  {
    name: 'a table is deleted while somebody types below it',
    before: doc(grid(['<a>a1', 'b1']), p('below<b>')),
    a: inTable('deleteTable'),
    b: type('!'),
    after: ['p below!'],
  },
]
