/** Updates that no Yjs writes: what they claim, how far their clocks reach, how their structs hang together, what is in them. */
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
  many,
  nested,
  nestedStepByStep,
  oneStruct,
  onlyDeletes,
  rootText,
  skip,
  structs,
  update,
  waitingForEachOther,
} from './hostile-bytes.ts'
import type { HostileFrame } from './hostile-frame.ts'

export const hostileUpdates: readonly HostileFrame[] = [
  // Counts and lengths of updates.
  {
    name: 'an update of no bytes',
    messages: () => [update(new Uint8Array())],
    outcome: 'malformed',
  },
  {
    name: '30 million structs',
    messages: () => [update(hex('01 80 87 a7 0e 07 00'))],
    outcome: 'malformed',
  },
  {
    name: '2^31 clients',
    messages: () => [update(hex('ff ff ff ff 07 01 01 00 00'))],
    outcome: 'malformed',
  },
  {
    name: 'an update cut in a struct',
    messages: () => [update(hex('01 01 0b 00 04 01 01 74 0b 68 65'))],
    outcome: 'malformed',
  },
  {
    name: 'a byte behind an update',
    messages: () => [update(hex('00 00 00'))],
    outcome: 'malformed',
  },
  {
    name: 'text that claims 2^31 bytes',
    messages: () => [update(oneStruct('04 01 01 61 ff ff ff ff 07 61'))],
    outcome: 'malformed',
  },
  {
    name: 'an array that claims 2^31 values',
    messages: () => [update(oneStruct('08 01 01 61 01 75 ff ff ff ff 07'))],
    outcome: 'malformed',
  },
  {
    name: 'a struct of no length',
    messages: () => [update(oneStruct('04 01 01 61 00'))],
    outcome: 'malformed',
  },
  {
    name: 'a client without structs',
    messages: () => [update(hex('01 00 05 00 00'))],
    outcome: 'malformed',
  },
  {
    name: 'a client twice',
    messages: () => [update(hex('02 01 05 00 00 01 01 05 01 00 01 00'))],
    outcome: 'malformed',
  },
  {
    name: 'numbers in zeros without end',
    messages: () => [update(hex(`01 01 05 ${many('80', 60)} 00 00 01 00`))],
    outcome: 'malformed',
  },
  {
    name: 'more parts than an update may have',
    messages: () => [
      update(onlyDeletes(deleteSet(hostileClient, every(defaultLimits.updatePartsMax + 1, 2)))),
    ],
    outcome: 'tooLarge',
  },

  // Clocks.
  {
    name: 'a GC of 2^40 clocks',
    messages: () => [update(structs({ structs: [gc(2 ** 40)] }))],
    outcome: 'malformed',
  },
  {
    name: 'a GC one over the limit',
    messages: () => [update(structs({ structs: [gc(2 ** 26 + 1)] }))],
    outcome: 'malformed',
  },
  {
    name: 'many GCs that are too long together',
    messages: () => [update(structs({ structs: Array.from({ length: 65 }, () => gc(2 ** 20)) }))],
    outcome: 'malformed',
  },
  {
    name: 'a clock at 2^53',
    messages: () => [update(oneStruct(rootText, 2n ** 53n - 1n))],
    outcome: 'malformed',
  },
  {
    name: 'a clock beyond 2^64',
    messages: () => [update(oneStruct(rootText, 2n ** 65n))],
    outcome: 'malformed',
  },
  {
    name: 'a clock over the limit',
    messages: () => [update(oneStruct(rootText, 2 ** 32))],
    outcome: 'malformed',
  },
  {
    name: 'a Skip of 2^50',
    messages: () => [update(structs({ structs: [gc(1), skip(2 ** 50), gc(1)] }))],
    outcome: 'malformed',
  },
  {
    name: 'only a Skip',
    messages: () => [update(structs({ structs: [skip(5)] }))],
    outcome: 'goesOn',
  },
  {
    name: 'a deletion of 2^60',
    messages: () => [update(onlyDeletes(hex('01 05 01 00 80 80 80 80 80 80 80 80 10')))],
    outcome: 'malformed',
  },
  {
    name: 'a GC of the largest length, as after a deleted book',
    messages: () => [update(structs({ client: 9_001, structs: [gc(2 ** 26)] }))],
    outcome: 'goesOn',
    isApart: true,
  },

  // Structs that do not fit together.
  {
    name: 'a struct that is its own parent',
    messages: () => [update(oneStruct('07 00 05 00 03 01 62'))],
    outcome: 'malformed',
  },
  {
    name: 'a struct behind one that comes later',
    messages: () => [update(oneStruct('84 05 07 01 78'))],
    outcome: 'malformed',
  },
  {
    name: 'a parent that is neither name nor id',
    messages: () => [update(oneStruct('04 02 01 61 01 78'))],
    outcome: 'malformed',
  },
  {
    name: 'an info byte that two readers read differently',
    messages: () => [update(hex('01 01 05 00 4a 01 00 00'))],
    outcome: 'malformed',
  },
  { name: 'a GC with flags', messages: () => [update(oneStruct('80 01'))], outcome: 'malformed' },
  {
    name: 'types that contain each other',
    messages: () => {
      const types = many('07 01 01 61 00', 70)
      return [update(hex(`02 47 09 00 ${types} 07 00 08 00 00 01 08 00 07 00 09 46 00 00`))]
    },
    outcome: 'malformed',
  },
  {
    name: 'structs of two clients that wait for each other',
    messages: () => [update(waitingForEachOther(1))],
    outcome: 'malformed',
  },
  {
    name: '60,000 structs of two clients of which the last two wait for each other',
    messages: () => [update(waitingForEachOther(30_000))],
    outcome: 'malformed',
  },
  {
    name: '500 types in each other',
    messages: () => [update(nested(500, false))],
    outcome: 'malformed',
  },
  {
    name: '3,000 types in each other, named by their siblings',
    messages: () => [update(nested(3_000, true))],
    outcome: 'malformed',
  },
  {
    name: '70 types in each other, an update each',
    messages: () => nestedStepByStep(70),
    outcome: 'malformed',
    isApart: true,
  },

  // Content.
  {
    name: 'content that does not exist',
    messages: () => [update(oneStruct('1f 01 01 61'))],
    outcome: 'malformed',
  },
  {
    name: 'a shared type that does not exist',
    messages: () => [update(oneStruct('07 01 01 61 07'))],
    outcome: 'malformed',
  },
  {
    name: 'text that is not UTF-8',
    messages: () => [update(oneStruct('04 01 01 61 02 c3 28'))],
    outcome: 'malformed',
  },
  {
    name: 'half a letter',
    messages: () => [update(oneStruct('04 01 01 61 03 ed a0 80'))],
    outcome: 'malformed',
  },
  {
    name: 'an embed that is no JSON',
    messages: () => [update(oneStruct('05 01 01 61 03 7b 78 7d'))],
    outcome: 'malformed',
  },
  {
    name: 'a subdocument without options',
    messages: () => [update(oneStruct('09 01 01 61 01 67 7e'))],
    outcome: 'malformed',
  },
  {
    name: 'a value nested 100,000 deep',
    messages: () => [update(oneStruct(`08 01 01 61 01 ${many('75 01', 100_000)} 7e`))],
    outcome: 'malformed',
  },
  {
    name: 'JSON nested 100,000 deep',
    messages: () => {
      const json = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
      return [
        update(
          structs({
            structs: [
              Bytes.of((encoder) => {
                encoder.raw(hex('05 01 01 61'))
                encoder.text(json)
              }),
            ],
          }),
        ),
      ]
    },
    outcome: 'malformed',
  },
  {
    name: 'V2 bytes',
    messages: () => [
      update(
        Y.encodeStateAsUpdateV2(
          honest(hostileClient, (doc) => doc.getText('letters').insert(0, 'x')),
        ),
      ),
    ],
    outcome: 'malformed',
  },
  {
    name: 'random bytes',
    messages: () => [update(Uint8Array.from({ length: 500 }, (_, i) => (i * 197 + 31) & 255))],
    outcome: 'malformed',
  },
]
