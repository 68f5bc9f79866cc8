// @vitest-environment jsdom
/**
 * Two people in one place, and what each of them should find afterwards. Every case is run with the
 * deliveries in both orders and with both orders of client ids, and then both undo.
 *
 * A case that falls short says what is lost; `docs/caveats.md` lists the same.
 */
import { doc, li, show } from '@quire/testkit'
import { describe, expect, test } from 'vitest'
import { conflicts } from './conflict-cases/index.ts'
import type { Ids, Outcome } from './conflict-cases/conflict.ts'
import { type, write } from './conflict-cases/conflict.ts'
import { agreed, makePeers, type Peer, settle } from './peers.ts'
import { perform } from './perform-edit.ts'
import { orders, play } from './play-conflict.ts'

const outcomeFor = (outcome: Outcome, ids: Ids): readonly string[] =>
  'below' in outcome ? outcome[ids] : outcome

for (const [group, cases] of Object.entries(conflicts)) {
  describe(`two people at once: ${group}`, () => {
    for (const conflict of cases) {
      const { short } = conflict
      const title = conflict.name + (short ? ` (LOSES ${short.loses})` : '')
      test.each(orders)(`${title}: A's id %s B's, %s`, (ids, first) => {
        const { after, undone } = play(conflict, [ids, first])
        expect(after).toEqual(outcomeFor(short?.after ?? conflict.after, ids))
        const back = short?.undone ?? conflict.undone ?? show(conflict.before.node)
        expect(undone).toEqual(outcomeFor(back, ids))
      })
    }
  })
}

test('three people at one item: its indent, its kind and its text are all kept', () => {
  const { node, at } = doc(li('one'), li('<a>two<b>'))
  const peers = makePeers(3, node)
  const [a, b, c] = peers as [Peer, Peer, Peer]
  perform(a, write({ indent: 1 })(at))
  perform(b, write({ kind: 'task', checked: true })(at))
  perform(c, type('!')(at))
  settle(peers)
  expect(agreed(peers)).toEqual(['- one', '  [x] two!'])
  for (const peer of peers) peer.close()
})
