/**
 * The hostile messages of `hostile-frames.ts` from somebody who is nobody yet: as the first thing that is
 * said on a socket, and while access is being decided.
 */
import { type CloseName, closeCodes, encodeHocuspocusAddress, encodeStep1 } from '@quire/protocol'
import { until } from '@quire/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import type { AccessAnswer } from '../src/index.ts'
import { type Host, named, RawClient, startHost, storedText } from './harness.ts'
import { type HostileFrame, hostileFrames } from './hostile-frames.ts'
import { type Dialect, dialects } from './dialects.ts'
import { grant, tokenMessage } from './hocuspocus-world.ts'

/** As many at a time: each is on a socket of its own. */
const crowd = 12
const tooLargeForWs = 1009

interface Said extends Omit<HostileFrame, 'messages'> {
  readonly messages: readonly Uint8Array[]
}
/** Made once: some take longer to make than to refuse. */
const said: readonly Said[] = hostileFrames.map((frame) => ({
  ...frame,
  messages: frame.messages(),
}))

type Outcome = CloseName | number | undefined

/** Somebody who says what they are told to, as the first thing on a socket. */
class Stranger {
  readonly raw: RawClient
  readonly #head: Uint8Array

  constructor(raw: RawClient, head: Uint8Array) {
    this.raw = raw
    this.#head = head
  }

  static async open(dialect: Dialect, document: string): Promise<Stranger> {
    const { hasAddress, protocols } = dialect
    const path = hasAddress ? '/' : `/sync/${document}`
    const raw = await RawClient.open(`${host.url}${path}`, { protocols, isSilent: true })
    return new Stranger(raw, hasAddress ? encodeHocuspocusAddress(document) : new Uint8Array())
  }

  /** Waits until all of it was heard, or the socket is closed. */
  async say(messages: readonly Uint8Array[]): Promise<void> {
    const { raw } = this
    for (const message of messages) raw.send(Buffer.concat([this.#head, message]))
    let isHeard = false
    raw.ws.once('pong', () => {
      isHeard = true
    })
    if (raw.ws.readyState === raw.ws.OPEN) raw.ws.ping()
    await until('it was heard', () => isHeard || raw.closed)
  }

  /** Why it is out, on the socket or in band; undefined while it is not. */
  get outcome(): Outcome {
    const { closed, frames } = this.raw
    if (closed?.code === tooLargeForWs) return tooLargeForWs
    const { length } = this.#head
    const denial = frames.find((frame) => frame[length] === 2 && frame[length + 1] === 1)
    const inBand = denial && new TextDecoder().decode(denial.subarray(length + 3))
    const reason = closed?.reason ?? (length > 0 ? inBand : undefined)
    if (reason === undefined) return undefined
    const names = Object.keys(closeCodes) as CloseName[]
    return names.find((name) => closeCodes[name].reason === reason) ?? closed?.code
  }

  get wasAnswered(): boolean {
    const { length } = this.#head
    return this.raw.frames.some((frame) => frame[length] === 0 && frame[length + 1] === 1)
  }
}

let host: Host
afterEach(() => host.close())

/** Somebody honest beside it, who has to notice nothing. */
async function openHonest(): Promise<RawClient> {
  const client = await RawClient.join(`${host.url}/sync/elsewhere?token=honest`)
  client.text.insert(0, 'unharmed')
  await until('it is saved', () => client.saved > 1)
  return client
}

async function expectUnharmed(honest: RawClient): Promise<void> {
  await until('the others are gone', () => host.sync.stats().connections === 1)
  honest.text.insert(honest.text.length, ', still')
  const isSaved = async () => (await storedText(host.store, 'elsewhere')) === 'unharmed, still'
  await until('it is saved', isSaved)
  expect(honest.closed).toBeUndefined()
  expect(host.sync.stats().counters.closed.internal ?? 0).toBe(0)
}

async function inCrowds(
  frames: readonly Said[],
  meet: (crowd: readonly Said[], from: number) => Promise<void>,
): Promise<void> {
  for (let from = 0; from < frames.length; from += crowd) {
    await meet(frames.slice(from, from + crowd), from)
  }
}

describe.each(dialects)('$name', (dialect) => {
  const frames = said.filter(({ isBare }) => !isBare || !dialect.hasAddress)

  test('[HO11] as the first thing that is said none ends more than its own socket, and none is kept', async () => {
    host = await startHost()
    const honest = await openHonest()
    await inCrowds(frames, async (some, from) => {
      const strangers = await Promise.all(
        some.map(async ({ messages, isApart, outcome }, i) => {
          const isLegal = isApart === true || outcome === 'goesOn'
          const document = isLegal ? `legal-${from + i}` : 'attacked'
          const stranger = await Stranger.open(dialect, document)
          await stranger.say(messages)
          return stranger
        }),
      )
      for (const { raw } of strangers) raw.ws.close()
    })
    await expectUnharmed(honest)
    expect((await host.store.open(named('attacked'))).head).toBe(0)
  })

  test('[HO11] while access is decided none opens anything; a denial ends all of them, a grant has them judged', async () => {
    const questions: ((given: AccessAnswer) => void)[] = []
    host = await startHost({
      authorize: ({ token }) =>
        token === 'honest' ? grant('edit') : new Promise((resolve) => questions.push(resolve)),
      programs: 'any',
      idleMs: 0,
    })
    const honest = await openHonest()
    const opening = [
      ...(dialect.hasAddress ? [tokenMessage('tok', '4.8.0')] : []),
      encodeStep1(Uint8Array.of(0)),
    ]
    const meet = (answer: AccessAnswer) => async (some: readonly Said[], from: number) => {
      const strangers = await Promise.all(
        some.map(async ({ messages }, i) => {
          const stranger = await Stranger.open(dialect, `asked-${from + i}`)
          await stranger.say([...opening, ...messages])
          return stranger
        }),
      )
      expect(host.sync.stats().rooms).toBe(1)
      const early = strangers.map(({ outcome }) => outcome)
      for (const question of questions.splice(0)) question(answer)
      for (const [i, { name, outcome }] of some.entries()) {
        const stranger = strangers[i] as Stranger
        if (early[i] !== undefined) {
          // Too much to wait, or no message whoever says it.
          expect([outcome, 'overloaded', 'tooLarge', 'malformed'], name).toContain(early[i])
        } else if ('denied' in answer) {
          await until(`${name} is told`, () => stranger.outcome)
          expect(stranger.outcome, name).toBe('forbidden')
        } else if (outcome === 'goesOn') {
          await until(`${name} is answered`, () => stranger.wasAnswered)
          await stranger.say([])
          expect(stranger.outcome, name).toBeUndefined()
        } else {
          await until(`${name} is out`, () => stranger.outcome)
          expect(stranger.outcome, name).toBe(outcome)
        }
      }
      for (const { raw } of strangers) raw.ws.close()
      await until('they are gone', () => host.sync.stats().connections === 1)
      await until('their rooms are gone', () => host.sync.stats().rooms === 1)
    }
    await inCrowds(frames, meet({ denied: 'forbidden' }))
    expect(host.sync.stats()).toMatchObject({ rooms: 1, sessions: 1, heldUpdates: 0 })
    await inCrowds(frames, meet(grant('edit')))
    await expectUnharmed(honest)
  })
})
