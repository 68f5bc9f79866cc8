/** Updates that could be somebody's edits: such as wait for others, and such as an editor may make, however odd. */
import { defaultLimits } from '@quire/protocol'
import * as Y from 'yjs'
import {
  Bytes,
  deleteSet,
  every,
  gc,
  hex,
  honest,
  hostileClient,
  manyNeeds,
  oneStruct,
  onlyDeletes,
  rootText,
  structs,
  update,
} from './hostile-bytes.ts'
import type { HostileFrame } from './hostile-frame.ts'

const megabyte = 1024 * 1024

export const hostileEdits: readonly HostileFrame[] = [
  // Predecessors that never come.
  {
    name: 'an edit with a gap before it',
    messages: () => [update(oneStruct(rootText, 1_000))],
    outcome: 'goesOn',
  },
  {
    name: '300 edits with gaps before them',
    messages: () =>
      Array.from({ length: 300 }, (_, i) => update(oneStruct(rootText, 1_000 + 2 * i))),
    outcome: 'overloaded',
  },
  {
    name: 'a large edit with a gap before it',
    messages: () => [
      update(
        structs({
          clock: 1_000,
          structs: [
            Bytes.of((encoder) => {
              encoder.raw(hex('04 01 01 61'))
              encoder.text('x'.repeat(1_100_000))
            }),
          ],
        }),
      ),
    ],
    outcome: 'tooLarge',
  },
  {
    name: 'an edit that needs 90,000 other clients',
    messages: () => [update(manyNeeds(90_000))],
    outcome: 'goesOn',
  },
  {
    name: 'deletions of what nobody wrote',
    messages: () => [update(onlyDeletes(deleteSet(hostileClient, every(100_000, 2))))],
    outcome: 'goesOn',
  },
  {
    name: 'more deletions of what nobody wrote than can wait',
    messages: () => {
      const one = update(
        onlyDeletes(deleteSet(hostileClient, every(defaultLimits.updatePartsMax, 6))),
      )
      return [one, one]
    },
    outcome: 'overloaded',
  },

  // What an editor may do, however odd.
  {
    name: 'deletions in falling order, as many as fit',
    messages: () => [
      update(structs({ client: 9_002, structs: [gc(1_000_000)] })),
      update(onlyDeletes(deleteSet(9_002, [...every(defaultLimits.updatePartsMax, 4)].reverse()))),
    ],
    outcome: 'goesOn',
    isApart: true,
  },
  {
    name: 'a root of another kind',
    messages: () => [
      update(Y.encodeStateAsUpdate(honest(9_003, (doc) => doc.getMap('letters').set('k', 1)))),
    ],
    outcome: 'goesOn',
    isApart: true,
  },
  {
    name: 'a key of a megabyte',
    messages: () => [
      update(
        Y.encodeStateAsUpdate(
          honest(9_004, (doc) => doc.getMap('odd').set('k'.repeat(megabyte), 1)),
        ),
      ),
    ],
    outcome: 'goesOn',
    isApart: true,
  },
]
