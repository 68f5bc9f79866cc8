/** What a block is, under two hands. */
import { callout, doc, h, image, li, p, task } from '@quire/testkit'
import { type Conflict, drag, remove, type, write } from './conflict.ts'

export const kinds: readonly Conflict[] = [
  {
    name: 'a paragraph becomes a heading while somebody types in it',
    before: doc(p('<a>Title here<b>')),
    a: write({ kind: 'heading', level: 1 }),
    b: type(' typed'),
    after: ['h1 Title here typed'],
  },
  {
    name: 'a heading changes its level while somebody types in it',
    before: doc(h(1, '<a>Title<b>')),
    a: write({ level: 2 }),
    b: type('!'),
    after: ['h2 Title!'],
  },
  {
    name: 'paragraphs become a list while somebody types in one of them',
    before: doc(p('<a>one'), p('two<b>')),
    a: (at) => ({ kind: 'blocks', from: at['a']!, to: at['b']!, attrs: { kind: 'bullet' } }),
    b: type('!'),
    after: ['- one', '- two!'],
  },
  {
    name: 'an item is indented, becomes a task, and is written in',
    before: doc(li('one'), li('<a>two<b>')),
    a: write({ indent: 1 }),
    b: write({ kind: 'task' }),
    after: ['- one', '  [ ] two'],
  },
  {
    name: 'an item is indented while somebody types in it',
    before: doc(li('one'), li('<a>two<b>')),
    a: write({ indent: 1 }),
    b: type('!'),
    after: ['- one', '  - two!'],
  },
  {
    name: 'a task is checked while somebody types in it',
    before: doc(task('<a>buy milk<b>')),
    a: write({ checked: true }),
    b: type(' and eggs'),
    after: ['[x] buy milk and eggs'],
  },
  {
    name: 'two kinds for one block: one of them wins, for both',
    before: doc(p('<a>text')),
    a: write({ kind: 'heading', level: 2 }),
    b: write({ kind: 'quote' }, 'a'),
    after: { below: ['>{level=2} text'], above: ['h2 text'] },
  },
  {
    name: 'both make the same block a quote: one quote',
    before: doc(p('<a>text')),
    a: write({ kind: 'quote' }),
    b: write({ kind: 'quote' }),
    after: ['> text'],
  },
  {
    name: 'a block is aligned while its text is deleted',
    before: doc(p('<a>text<z>'), p('next')),
    a: write({ align: 'center' }),
    b: remove(),
    after: ['p{align=center}', 'p next'],
  },
  {
    name: 'an image is widened while another block is typed in',
    before: doc(image('/a.png'), p('text<b>')),
    a: () => ({ kind: 'image-width', width: 200 }),
    b: type('!'),
    after: ['image{src=/a.png width=200}', 'p text!'],
  },
  {
    name: 'an image is widened by both: one width wins, for both',
    before: doc(image('/a.png'), p('text')),
    a: () => ({ kind: 'image-width', width: 200 }),
    b: () => ({ kind: 'image-width', width: 300 }),
    after: {
      below: ['image{src=/a.png width=300}', 'p text'],
      above: ['image{src=/a.png width=200}', 'p text'],
    },
  },
  {
    name: 'an image is widened while another person drags it',
    before: doc(image('/a.png'), p('one'), p('two')),
    a: () => ({ kind: 'image-width', width: 200 }),
    b: drag(0, 3),
    after: ['p one', 'p two', 'image{src=/a.png width=200}'],
    short: {
      after: ['p one', 'p two', 'image{src=/a.png}'],
      loses: 'the new width of an image that another person drags at that moment',
    },
  },
  {
    name: 'a callout gets another tone while somebody types in it',
    before: doc(callout('<a>mind this<b>', { tone: 'info' })),
    a: write({ tone: 'warning' }),
    b: type('!'),
    after: ['!{tone=warning} mind this!'],
  },
  {
    name: 'an item becomes a paragraph while another person indents it',
    before: doc(li('one'), li('<a>two')),
    a: write({ kind: 'paragraph' }),
    b: write({ indent: 1 }),
    after: ['- one', '  p two'],
  },
]
