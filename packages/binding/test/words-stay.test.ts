// @vitest-environment jsdom
/**
 * What two or three people in one place do one after the other, before they hear of each other, and where
 * their words are in the end. Each was the shortest way to a letter that the fuzz found lost, doubled or
 * in the wrong line.
 *
 * Length: one story for each cause.
 */
import { schema } from '@quire/document'
import { doc, type NamedDoc, p, type RandomEdit, show } from '@quire/testkit'
import { expect, test } from 'vitest'
import { agreed, makePeers, type Peer, problemsOf, settle } from './peers.ts'
import { perform } from './perform-edit.ts'

type Who = 'A' | 'B' | 'C' | 'D'
/** An edit that somebody makes, how many updates of others reach them, or what they see then. */
type Step =
  | readonly [Who, RandomEdit]
  | readonly [Who, 'receives', number]
  /** The one of those that wait. */
  | readonly [Who, 'receives only', number]
  | readonly [Who, 'sees', readonly string[]]

interface Story {
  readonly name: string
  readonly before: NamedDoc
  /** A step of undo takes back everything that was done since. */
  readonly hasOneStepOfUndo?: boolean
  readonly steps: readonly Step[]
  readonly after: readonly string[]
}

const type = (at: number, text: string): RandomEdit => ({ kind: 'type', at, text })
const remove = (from: number, to: number): RandomEdit => ({ kind: 'delete', from, to })
const split = (at: number): RandomEdit => ({ kind: 'split', at })
const join = (at: number): RandomEdit => ({ kind: 'join', at })
const code = (at: number): RandomEdit => ({ kind: 'code', at })
const drag = (index: number, gap: number): RandomEdit => ({ kind: 'move', index, gap })
const lineBreak = (at: number): RandomEdit => ({ kind: 'break', at })
const undo: RandomEdit = { kind: 'undo' }

const stories: readonly Story[] = [
  {
    name: 'of two empty lines one is joined away, and somebody begins to write in the other',
    before: doc(p('ab'), p(''), p('')),
    steps: [
      ['A', join(5)],
      ['B', type(7, 'new')],
    ],
    after: ['p ab', 'p new'],
  },
  {
    name: 'a line is emptied and joined to an empty one, while somebody types in it',
    before: doc(p(''), p('ab')),
    steps: [
      ['A', remove(3, 5)],
      ['A', join(3)],
      ['B', type(3, 'new')],
    ],
    after: ['p new'],
  },
  {
    name: 'everything is deleted while somebody types and breaks the line: both halves stay in one',
    before: doc(p('first'), p('abcd')),
    steps: [
      ['A', { kind: 'delete-all' }],
      ['B', type(10, 'xy')],
      ['B', lineBreak(11)],
    ],
    after: ['p xy'],
  },
  {
    name: 'a join is undone while somebody breaks the words of another in that line',
    before: doc(p('ab'), p('cd')),
    steps: [
      ['A', type(7, 'wxyz')],
      ['C', join(5)],
      ['B', 'receives', 1],
      ['C', undo],
      ['B', lineBreak(9)],
    ],
    after: ['p ab', 'p cdwxyz'],
  },
  {
    name: 'words behind a letter that was moved twice stand behind it, not where they were before',
    before: doc(p('ab'), p('cd')),
    steps: [
      ['A', type(5, 'u')],
      ['C', 'receives', 1],
      ['B', 'receives', 1],
      ['B', join(8)],
      ['C', code(5)],
      ['C', remove(2, 5)],
      ['B', type(4, 'v')],
    ],
    after: ['p auvcd'],
  },
  {
    name: 'two join in a circle: who typed behind a word still stands behind it',
    before: doc(p('ab'), p('cd'), p('ef')),
    steps: [
      ['B', join(5)],
      ['B', type(9, 'u')],
      ['B', drag(1, 0)],
      ['C', join(10)],
      ['B', join(10)],
    ],
    after: ['p efuabcd'],
  },
  {
    name: 'of two copies one goes at once, also when the other comes back only now',
    before: doc(p('ab'), p('cd'), p('ef')),
    steps: [
      ['B', type(7, 'u')],
      ['B', split(6)],
      ['A', 'receives', 1],
      ['A', remove(2, 5)],
      ['B', join(10)],
      ['B', 'receives', 1],
      ['B', 'sees', ['p acdu', 'p ef']],
    ],
    after: ['p acdu', 'p ef'],
  },
  {
    name: 'one undo of two moves brings words back once, although a colleague had moved them in between',
    before: doc(p('ab'), p('cd'), p('ef')),
    hasOneStepOfUndo: true,
    steps: [
      ['B', join(10)],
      ['A', remove(3, 6)],
      ['B', 'receives', 1],
      ['B', code(5)],
      ['B', undo],
    ],
    after: ['p abd', 'p ef'],
  },
  {
    name: 'one undo of a paste over words and a move brings them back once',
    before: doc(p('abcd')),
    hasOneStepOfUndo: true,
    steps: [
      ['B', code(3)],
      ['A', remove(1, 4)],
      ['A', 'receives', 1],
      ['A', code(2)],
      ['A', undo],
    ],
    after: ['code "abcd"'],
  },
  {
    name: 'two begin to write in a block without a text, and one of them takes it back',
    before: doc(p(''), p('ab')),
    steps: [
      ['B', type(1, 'u')],
      ['A', type(1, 'v')],
      ['A', 'receives', 1],
      ['A', undo],
    ],
    after: ['p u', 'p ab'],
  },
  {
    name: 'a block is dragged by somebody who has heard that words left it and not yet where they are',
    before: doc(p(''), p('ab')),
    steps: [
      ['C', type(4, 'u')],
      ['B', 'receives', 1],
      ['B', split(1)],
      ['B', remove(5, 7)],
      ['C', split(4)],
      ['C', 'receives', 1],
      ['A', 'receives only', 3],
      ['A', drag(1, 0)],
      ['C', join(10)],
    ],
    after: ['p aub', 'p', 'p'],
  },
  {
    name: 'who sees both copies of words, splits before them and undoes it, leaves one to give way',
    before: doc(p('ab'), p('cd')),
    steps: [
      ['C', join(5)],
      ['B', join(5)],
      ['A', 'receives', 2],
      ['A', split(2)],
      ['A', undo],
    ],
    after: ['p abcd'],
  },
  {
    name: 'words of two people that a third one moved together part again when one of them is needed elsewhere',
    before: doc(p(''), p('ab')),
    steps: [
      ['B', split(4)],
      ['A', type(5, 'u')],
      ['A', 'receives', 1],
      ['C', type(5, 'v')],
      ['A', 'receives', 1],
      ['B', 'receives', 1],
      ['C', 'receives', 1],
      ['B', remove(1, 4)],
      ['A', 'receives', 1],
      ['A', join(7)],
    ],
    after: ['p bv', 'p u'],
  },
  {
    name: 'words behind a link stay with it when what followed it has been split off',
    before: doc(p('abcd')),
    steps: [
      ['A', split(3)],
      ['C', 'receives', 1],
      ['C', { kind: 'mark', from: 1, to: 3, mark: 'link', attrs: { href: '/d' }, isOn: true }],
      ['C', type(3, 'u')],
      ['A', drag(1, 0)],
    ],
    after: ['p cd', 'p [ab](/d)u'],
  },
  {
    name: 'a split is undone while somebody types and a third one splits',
    before: doc(p('abcd')),
    steps: [
      ['A', split(2)],
      ['A', undo],
      ['B', type(2, 'u')],
      ['C', split(3)],
      ['B', type(5, 'v')],
    ],
    after: ['p aub', 'p cvd'],
  },
  {
    name: 'two join two lines, each in another order: they do not answer each other for ever',
    before: doc(p('ab'), p('cd')),
    steps: [
      ['A', drag(0, 2)],
      ['A', join(6)],
      ['C', type(3, 'uv')],
      ['C', join(9)],
    ],
    after: ['p abuvcd'],
  },
  {
    name: 'a line with a break becomes code while somebody splits it: what is typed in it goes along',
    before: doc(p('abcd')),
    steps: [
      ['C', split(3)],
      ['B', lineBreak(1)],
      ['B', code(1)],
      ['B', type(5, 'uv')],
    ],
    after: ['code "\\nab"', 'p cuvd'],
  },
  {
    name: 'who sees three copies of words and deletes two of them leaves one',
    before: doc(p('ab'), p('cd'), p('ef')),
    steps: [
      ['B', drag(1, 0)],
      ['C', drag(1, 3)],
      ['D', join(5)],
      ['A', 'receives', 3],
      ['A', 'sees', ['p cd', 'p abcd', 'p ef', 'p cd']],
      ['A', remove(7, 17)],
      ['A', 'sees', ['p cd', 'p ab']],
    ],
    after: ['p cd', 'p ab'],
  },
  {
    name: 'what is pasted over words does not go along when those are split off, also when a third one dragged it',
    before: doc(p('abcd'), p('ef'), p('gh')),
    steps: [
      ['B', { kind: 'paste', from: 3, to: 5, sliceFrom: 8, sliceTo: 12 }],
      ['A', 'receives', 1],
      ['A', drag(0, 4)],
      ['C', split(3)],
    ],
    after: ['p g', 'p cd', 'p ef', 'p gh', 'p abf'],
  },
  {
    name: 'a deletion is undone while somebody breaks a line that was joined by it: both halves stay together',
    before: doc(p('ab'), p('cd')),
    steps: [
      ['B', { kind: 'delete-all' }],
      ['A', remove(2, 6)],
      ['B', 'receives', 1],
      ['A', type(3, 'uv')],
      ['A', lineBreak(4)],
      ['B', undo],
    ],
    after: ['p abdu⏎v', 'p c'],
  },
  {
    name: 'the end of a line is deleted and the next one joined to it, while somebody types there',
    before: doc(p('ab'), p('cd')),
    steps: [
      ['A', remove(2, 6)],
      ['B', type(3, 'u')],
    ],
    after: ['p aud'],
  },
  {
    name: 'lines are deleted by somebody who has heard that words left them twice, and not yet where they are',
    before: doc(p('ij'), p('abcd'), p('ef')),
    steps: [
      ['A', type(8, 'uv')],
      ['A', type(14, 'w')],
      ['B', split(7)],
      ['B', drag(2, 4)],
      ['A', 'receives', 1],
      ['A', type(1, 'x')],
      ['A', 'receives', 1],
      ['A', split(11)],
      ['B', 'receives only', 5],
      ['B', 'receives only', 4],
      ['B', 'receives', 3],
      ['B', 'sees', ['p ij', 'p ab', 'p e', 'p cd']],
      ['B', remove(3, 14)],
    ],
    after: ['p xijuv', 'p wf'],
  },
  {
    name: 'everything is deleted and that is undone, while words come into the line that is left and another one is dragged',
    before: doc(p('abcd'), p('ef'), p('gh')),
    hasOneStepOfUndo: true,
    steps: [
      ['B', drag(1, 3)],
      ['A', type(8, 'u')],
      ['A', lineBreak(4)],
      ['A', { kind: 'delete-all' }],
      ['A', type(1, 'x')],
      ['B', 'receives', 1],
      ['B', type(4, 'vw')],
      ['B', 'receives', 1],
      ['A', 'receives only', 1],
      ['B', 'receives only', 1],
      ['B', 'receives', 1],
      ['A', 'receives only', 1],
      ['A', 'receives', 1],
      ['A', undo],
    ],
    after: ['p abcvw⏎d', 'p', 'p gh', 'p euf'],
  },
  {
    name: 'a line is dragged by somebody who has heard that its text is gone, and not yet why',
    before: doc(p('ab'), p('cd'), p('ef')),
    steps: [
      ['B', type(1, 'u')],
      ['A', { kind: 'delete-all' }],
      ['A', { kind: 'atom', at: 1, node: schema.node('math_inline', { tex: 'x' }).toJSON() }],
      ['B', 'receives only', 1],
      ['B', type(1, 'v')],
      ['B', drag(0, 2)],
    ],
    after: ['p v', 'p u'],
  },
  {
    name: 'a letter was deleted in a line that was deleted, brought back and then deleted by a colleague: undo goes on to what was done before',
    before: doc(p('abc'), p('de')),
    steps: [
      ['A', type(8, 'w')],
      ['A', remove(2, 3)],
      ['A', remove(0, 4)],
      ['A', undo],
      ['A', type(2, 'u')],
      ['A', undo],
      ['A', type(5, 'v')],
      ['B', 'receives', 7],
      ['B', remove(0, 4)],
      ['A', 'receives', 1],
      ['A', undo],
      ['A', undo],
    ],
    after: ['p de'],
  },
]

for (const { name, before, hasOneStepOfUndo, steps, after } of stories) {
  test(name, () => {
    const count = steps.some(([who]) => who === 'D') ? 4 : 3
    const peers = makePeers(count, before, { captureMs: hasOneStepOfUndo ? 3_600_000 : 0 })
    try {
      for (const step of steps) {
        const [who, what] = step
        const peer = peers['ABCD'.indexOf(who)] as Peer
        if (what === 'receives') for (let left = step[2]; left > 0; left--) peer.deliver()
        else if (what === 'receives only') peer.deliver(step[2])
        else if (what === 'sees') {
          expect(show(peer.content)).toEqual(step[2])
          expect(problemsOf(peer)).toEqual([])
        } else expect(perform(peer, what), `${who} ${JSON.stringify(what)}`).toBe(true)
      }
      settle(peers)
      expect(agreed(peers)).toEqual(after)
    } finally {
      for (const peer of peers) peer.close()
    }
  })
}
