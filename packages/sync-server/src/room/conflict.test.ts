/** Two clients that write under one Yjs client id. */
import { compactDocument } from '@quire/persistence'
import { createSeededRandom, type SeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { codeOf, textLater } from '../../test/access-world.ts'
import { named } from '../../test/harness.ts'
import { createWorld, FakeClient, turns, type World } from '../../test/world.ts'

const id = 7

/** A document that somebody wrote in without a server. */
function offline(text: string, clientId = id): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = clientId
  doc.getText('content').insert(0, text)
  return doc
}

let instances = 0

/** Connects as our provider does, or as y-websocket does: Step1, and then its presence. */
async function connect(world: World, doc: Y.Doc, isQuire = true): Promise<FakeClient> {
  const { clientID } = doc
  const client = new FakeClient(world, 'doc', {
    doc,
    isQuire,
    ...(isQuire && { instance: ++instances % 250 }),
  })
  // Leaves together with Step1, whatever comes back.
  client.show({ clientId: clientID, clock: 1, json: '{}' })
  await turns()
  client.reply()
  await world.pass(200)
  return client
}

const offlineTexts = ['jello', 'jazz', 'a very different text', 'x'.repeat(200)]
const firsts = {
  'is here': async () => undefined,
  'has left': async (_: World, first: FakeClient) => first.leave(),
  'has left, and the room is loaded again': async (world: World, first: FakeClient) => {
    first.leave()
    await world.pass(3_000)
  },
  'has left, and the document is compacted': async (world: World, first: FakeClient) => {
    first.leave()
    await world.pass(3_000)
    const { inner } = world.steered
    const { tail } = await inner.open(named('doc'))
    await inner.compact(named('doc'), compactDocument({ snapshot: undefined, tail }), 0)
  },
}

for (const [what, happens] of Object.entries(firsts)) {
  for (const isQuire of [true, false]) {
    const name = isQuire ? 'our' : 'a stock'
    test(`[CI1] ${name} client that wrote something else under an id is told and keeps its text, when the first one ${what}`, async () => {
      for (const theirs of offlineTexts) {
        const world = createWorld()
        const first = await connect(world, offline('hello'))
        expect(first.text.toJSON()).toBe('hello')
        await happens(world, first)
        const second = await connect(world, offline(theirs), isQuire)
        expect(codeOf(second), theirs).toBe(4412)
        // A stock client is answered before it says which id is its own, and may have got some of the first one's letters.
        const kept = second.text.toJSON()
        expect(isQuire ? kept : kept.slice(0, theirs.length)).toBe(theirs)
        const reader = await connect(world, new Y.Doc())
        expect(reader.text.toJSON()).toBe('hello')
        expect(await textLater(world)).toBe('hello')
        if (first.session.isClosed) continue
        first.text.insert(5, ' there')
        await world.pass(200)
        expect(reader.text.toJSON()).toBe('hello there')
        expect(first.saved).toBe(first.sentSyncFrames)
      }
    })
  }
}

test('[CI1] what both wrote before they parted is no conflict; what the later one wrote since is', async () => {
  const world = createWorld()
  const origin = offline('together ')
  const clone = new Y.Doc()
  Y.applyUpdate(clone, Y.encodeStateAsUpdate(origin))
  clone.clientID = id
  const first = await connect(world, origin)
  first.text.insert(9, 'first')
  await world.pass(200)
  const same = await connect(world, clone)
  expect(codeOf(same)).toBeUndefined()
  same.leave()
  const parted = new Y.Doc()
  parted.clientID = 99
  Y.applyUpdate(parted, Y.encodeStateAsUpdate(offline('together ')))
  parted.clientID = id
  parted.getText('content').insert(9, 'other')
  const second = await connect(world, parted)
  expect(codeOf(second)).toBe(4412)
  expect(await textLater(world)).toBe('together first')
})

test('[CI1] a page that was loaded again, with another id, still proves what it wrote under the earlier one', async () => {
  for (const theirs of offlineTexts) {
    const world = createWorld()
    await connect(world, offline('hello'))
    const doc = new Y.Doc()
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(offline(theirs)))
    const second = new FakeClient(world, 'doc', { doc, instance: 2, earlier: [3, id] })
    await turns()
    second.reply()
    await world.pass(200)
    expect(codeOf(second), theirs).toBe(4412)
    expect(second.text.toJSON()).toBe(theirs)
    expect(await textLater(world)).toBe('hello')
  }
})

test('[CI4] an earlier id that lives on in the tab beside is proved and then answered', async () => {
  const world = createWorld()
  const tab = await connect(world, offline('hello'))
  const copy = Y.encodeStateAsUpdate(tab.doc)
  tab.text.insert(5, ' there')
  await world.pass(200)
  const doc = new Y.Doc()
  Y.applyUpdate(doc, copy)
  doc.getText('content').insert(0, 'oh, ')
  const second = new FakeClient(world, 'doc', { doc, instance: 2, earlier: [id] })
  await turns()
  second.reply()
  await world.pass(200)
  expect(codeOf(second)).toBeUndefined()
  expect([second.text.toJSON(), tab.text.toJSON()]).toEqual(['oh, hello there', 'oh, hello there'])
})

test('[CI2] of two that write at the same moment under one id, the second is told before anything diverges', async () => {
  for (const isQuire of [true, false]) {
    const world = createWorld()
    const [first, second] = [
      await connect(world, offline('')),
      await connect(world, offline(''), isQuire),
    ]
    // Neither has heard of the other's letter when it writes its own.
    for (const { transport } of [first, second]) transport.isStalled = true
    first.text.insert(0, 'a')
    second.text.insert(0, 'b')
    for (const { transport } of [first, second]) {
      transport.isStalled = false
      transport.read()
    }
    await world.pass(200)
    expect([codeOf(first), codeOf(second)]).toEqual([undefined, 4412])
    expect(await textLater(world)).toBe('a')
  }
})

test('[CI3] a second client of ours with an id that is in use is told to take another before it writes', async () => {
  const world = createWorld()
  const first = await connect(world, offline(''))
  const second = await connect(world, offline(''))
  expect([first.renewals, second.renewals]).toEqual([[], [id]])
  second.doc.clientID = 8
  second.announce(99)
  first.text.insert(0, 'a')
  second.text.insert(0, 'b')
  await world.pass(200)
  expect(await textLater(world)).toHaveLength(2)
  expect([codeOf(first), codeOf(second)]).toEqual([undefined, undefined])
  // The id is free again when its holder is gone, and not when somebody else goes.
  second.leave()
  expect((await connect(world, new Y.Doc())).renewals).toEqual([])
})

test('[CI3] a client whose id stands in the document although it wrote nothing is told so', async () => {
  const world = createWorld()
  const first = await connect(world, offline('hello'))
  first.leave()
  const second = await connect(world, offline(''))
  expect(second.renewals).toEqual([id])
})

test('[CI4] the same document on a new connection keeps its id and brings what it wrote meanwhile', async () => {
  const world = createWorld()
  const doc = offline('hello')
  const join = async (): Promise<FakeClient> => {
    const client = new FakeClient(world, 'doc', { doc, instance: 1 })
    await turns()
    client.reply()
    await world.pass(200)
    return client
  }
  const first = await join()
  // The first socket is half dead: the server still thinks it is there.
  first.session.receive = () => undefined
  doc.getText('content').insert(5, ' again')
  const second = await join()
  expect([second.renewals, codeOf(second)]).toEqual([[], undefined])
  expect(await textLater(world)).toBe('hello again')
})

test('[CI5] a session can have only so much compared; beyond it, and in what is too large, a repeat counts as known', async () => {
  const world = createWorld({ limits: { conflictLooksMax: 0 } })
  await connect(world, offline('hello'))
  const unlooked = await connect(world, offline('jello'))
  expect(codeOf(unlooked)).toBeUndefined()
  const large = createWorld({ limits: { conflictBytesMax: 10 } })
  await connect(large, offline('hello'))
  expect(codeOf(await connect(large, offline('jello')))).toBeUndefined()
})

const seedCount = Number(process.env['QUIRE_SEEDS'] ?? 60)

interface Person {
  readonly doc: Y.Doc
  readonly instance: number
  readonly isQuire: boolean
  client: FakeClient | undefined
}

function write(doc: Y.Doc, random: SeededRandom): void {
  const text = doc.getText('content')
  const at = random.below(text.length + 1)
  if (text.length > 10 && random.chance(0.3)) text.delete(random.below(text.length - 3), 3)
  else text.insert(at, random.pick(['a', 'word ', '😀', 'ü', 'x'.repeat(random.below(120) + 1)]))
}

test('[CI6] nobody honest is ever told so: not after offline work, not when a tab brings what another wrote, not after a restart', async () => {
  let reconnects = 0
  let relays = 0
  for (let seed = 1; seed <= seedCount; seed++) {
    const random = createSeededRandom(seed)
    const world = createWorld({ idleMs: 500 })
    const people = Array.from({ length: 4 }, (_, i): Person => {
      const doc = new Y.Doc()
      doc.clientID = 100 + i
      return { doc, instance: i + 1, isQuire: i % 2 === 0, client: undefined }
    })
    const replay = `seed ${seed} (replay: QUIRE_SEEDS=${seed})`
    for (let step = 0; step < 60; step++) {
      const person = random.pick(people)
      const other = random.pick(people)
      switch (random.below(6)) {
        case 0:
          if (person.client) {
            person.client.leave()
            // What is sent to a session that ended goes nowhere.
            person.client = undefined
          } else {
            reconnects += 1
            const { doc, isQuire, instance } = person
            const options = { doc, isQuire, ...(isQuire && { instance }) }
            const client = new FakeClient(world, 'doc', options)
            client.show({ clientId: doc.clientID, clock: step + 1, json: '{}' })
            person.client = client
            await world.pass(random.below(300))
            client.reply()
          }
          break
        case 1:
          // Two tabs hand each other what they have, whether or not the server has it.
          relays += 1
          Y.applyUpdate(person.doc, Y.encodeStateAsUpdate(other.doc), 'a tab')
          break
        case 2:
          await world.pass(random.below(2_000))
          break
        default:
          write(person.doc, random)
      }
      for (const { client } of people) client?.reply()
      const codes = people.map(({ client }) => client && codeOf(client))
      expect(
        codes.filter((code) => code !== undefined),
        replay,
      ).toEqual([])
    }
    for (const person of people) {
      person.client?.leave()
      const { doc, isQuire, instance } = person
      const options = { doc, isQuire, ...(isQuire && { instance }) }
      person.client = new FakeClient(world, 'doc', options)
      await world.pass(300)
      person.client.reply()
      await world.pass(300)
    }
    for (let round = 0; round < 3; round++) {
      await world.pass(3_000)
      for (const { client } of people) client?.reply()
    }
    const texts = new Set(people.map(({ doc }) => doc.getText('content').toJSON()))
    expect(texts.size, replay).toBe(1)
    expect(await textLater(world), replay).toBe([...texts][0])
  }
  expect(reconnects).toBeGreaterThan(seedCount * 3)
  expect(relays).toBeGreaterThan(seedCount * 3)
})
