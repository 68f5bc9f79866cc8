import { silentLog } from '@quire/base'
import { defaultLimits, type DocumentName, type Limits, parseDocumentName } from '@quire/protocol'
import { createManualClock, type ManualClock } from '@quire/testkit'
import { expect, test } from 'vitest'
import { SocketGate } from './rate-gate.ts'
import { RateLimiter } from './rate-limiter.ts'
import { type LateMessage, SessionRate } from './rate-session.ts'

const document = parseDocumentName('doc') as DocumentName
const large = { framesPerSecond: 1e6, framesBurst: 1e6, bytesPerSecond: 1e9, bytesBurst: 1e9 }
const small = { ...large, framesPerSecond: 10, framesBurst: 20 }
const quick = {
  socketRate: large,
  sessionRate: large,
  userRate: large,
  documentRate: large,
  addressRate: large,
}

interface Peer {
  readonly rate: SessionRate
  readonly late: LateMessage[]
  isPaused: boolean
  closed: string | undefined
  isReady: boolean
}

function world(limits: Partial<Limits>) {
  const clock = createManualClock()
  const all = { ...defaultLimits, ...quick, ...limits }
  const limiter = new RateLimiter({ clock, limits: all, log: silentLog })
  const join = (address: string, userId: string, name = document): Peer => {
    const late: LateMessage[] = []
    const gate = new SocketGate(limiter, address, {
      pause: () => void (peer.isPaused = true),
      resume: () => void (peer.isPaused = false),
      close: (code) => void (peer.closed = code),
    })
    const onLate = (message: LateMessage) => {
      if (peer.isReady) late.push(message)
      return peer.isReady
    }
    const rate = new SessionRate({ limiter, gate, onLate })
    const peer: Peer = { rate, late, isPaused: false, closed: undefined, isReady: true }
    rate.granted(userId, name)
    return peer
  }
  return { clock, limiter, join }
}

const others = '203.0.113.'

test.each([
  ['sessionRate', [false, false, false]],
  ['userRate', [true, false, false]],
  ['documentRate', [false, true, false]],
  ['addressRate', [false, false, true]],
] as const)(
  '[RT4] %s is shared by those who should share it',
  (which, [user, sameDoc, address]) => {
    const { clock, join } = world({ [which]: small })
    const elsewhere = parseDocumentName('elsewhere') as DocumentName
    const flooder = join(`${others}1`, 'ada')
    const peers = {
      sameUser: join(`${others}2`, 'ada', elsewhere),
      sameDocument: join(`${others}3`, 'bob'),
      sameAddress: join(`${others}1`, 'cleo', elsewhere),
      stranger: join(`${others}4`, 'dan', elsewhere),
    }
    for (let i = 0; i < 30; i++) flooder.rate.charge(10)
    expect(flooder.isPaused).toBe(true)
    for (const peer of Object.values(peers)) peer.rate.charge(10)
    expect(Object.values(peers).map(({ isPaused }) => isPaused)).toEqual([
      user,
      sameDoc,
      address,
      false,
    ])
    clock.advance(5_000)
    expect([flooder, ...Object.values(peers)].some(({ isPaused }) => isPaused)).toBe(false)
  },
)

test("[RT4] only what is its own, or its user's, closes a peer", () => {
  for (const [which, isClosed] of [
    ['sessionRate', true],
    ['userRate', true],
    ['documentRate', false],
    ['addressRate', false],
  ] as const) {
    const { clock, join } = world({ [which]: small })
    const flooder = join(`${others}1`, 'ada')
    for (let i = 0; i < 20_000 && !flooder.closed; i++) {
      if (!flooder.isPaused) flooder.rate.charge(10)
      clock.advance(5)
    }
    expect(flooder.closed, which).toBe(isClosed ? 'rateLimited' : undefined)
  }
})

test('[RT2] users without an id are not counted together', () => {
  const { join } = world({ userRate: small })
  const first = join(`${others}1`, '')
  const second = join(`${others}2`, '')
  for (let i = 0; i < 30; i++) first.rate.charge(10)
  second.rate.charge(10)
  expect([first.isPaused, second.isPaused]).toEqual([false, false])
})

test('[RT4] an update of very many parts counts as many frames', () => {
  const { join } = world({ sessionRate: small })
  const peer = join(`${others}1`, 'ada')
  peer.rate.chargeParts(50)
  expect(peer.isPaused).toBe(false)
  peer.rate.chargeParts(100_000)
  expect(peer.isPaused).toBe(true)
})

test('[RT4] presence is never a reason to wait, but counts for a little towards the rate of its address', () => {
  const { join } = world({ addressRate: small })
  const mover = join(`${others}1`, 'ada')
  const sameAddress = join(`${others}1`, 'bob')
  const stranger = join(`${others}2`, 'cleo')
  for (let i = 0; i < 190; i++) mover.rate.mayShow(60)
  sameAddress.rate.charge(10)
  expect(sameAddress.isPaused).toBe(false)
  for (let i = 0; i < 100; i++) mover.rate.mayShow(60)
  expect(mover.isPaused).toBe(false)
  for (const peer of [sameAddress, stranger]) peer.rate.charge(10)
  expect([sameAddress.isPaused, stranger.isPaused]).toEqual([true, false])
})

test('[RT5] a client that repeats everything it is shown is never over the rate', () => {
  const { clock, join } = world({})
  const stock = join(`${others}1`, 'ada')
  // 49 others move 10 times a second; what it is shown comes back a round trip later.
  const wayMs = 150
  const onTheWay: number[] = []
  let dropped = 0
  for (let ms = 0; ms < 60_000; ms += 2) {
    stock.rate.shown([new Uint8Array(60)])
    onTheWay.push(ms)
    while ((onTheWay[0] ?? Number.POSITIVE_INFINITY) <= ms - wayMs) {
      onTheWay.shift()
      if (!stock.rate.mayShow(60)) dropped += 1
    }
    if (ms % 100 === 0 && !stock.rate.mayShow(300)) dropped += 1
    clock.advance(2)
  }
  expect(dropped).toBe(0)
  expect(stock.isPaused).toBe(false)
})

test('[RT5] too much presence is dropped, its newest state comes through soon, and nobody is closed', () => {
  const { clock, join } = world({ presenceRate: { ...small, framesPerSecond: 20, framesBurst: 5 } })
  const peer = join(`${others}1`, 'ada')
  let now = 0
  for (let i = 0; i < 10_000; i++) {
    const entries = Uint8Array.of(i & 255, i >> 8)
    if (peer.rate.mayShow(entries.length)) now += 1
    else peer.rate.keepPresence(entries)
    clock.advance(1)
  }
  expect(now + peer.late.length).toBeGreaterThan(150)
  expect(now + peer.late.length).toBeLessThan(210)
  clock.advance(200)
  expect(peer.late.at(-1)).toEqual({
    kind: 'presence',
    entries: Uint8Array.of(9_999 & 255, 9_999 >> 8),
  })
  expect(peer.closed).toBeUndefined()
  expect(peer.isPaused).toBe(false)
})

/** Asks until one is not answered at once. */
function exhaust(rate: SessionRate, vector: Uint8Array): number {
  let answered = 0
  while (rate.mayAsk(vector)) answered += 1
  return answered
}

test('[RT6] of too many questions the newest is answered, later', () => {
  const { clock, join } = world({})
  const peer = join(`${others}1`, 'ada')
  expect(exhaust(peer.rate, Uint8Array.of(0))).toBe(8)
  const newest = Uint8Array.of(9)
  for (let i = 1; i < 1_000; i++) expect(peer.rate.mayAsk(Uint8Array.of(i & 127))).toBe(false)
  expect(peer.rate.mayAsk(newest)).toBe(false)
  newest[0] = 1
  expect(peer.rate.mayAskPresence()).toBe(false)
  clock.advance(600)
  expect(peer.late).toEqual([{ kind: 'step1', stateVector: Uint8Array.of(9) }])
  clock.advance(600)
  expect(peer.late.at(-1)).toEqual({ kind: 'queryPresence' })
  expect(peer.late.length).toBe(2)
})

test('[RT6] what cannot be handled yet is tried again, and a session that ended is left alone', () => {
  const { clock, limiter, join } = world({})
  const peer = join(`${others}1`, 'ada')
  exhaust(peer.rate, Uint8Array.of(7))
  peer.isReady = false
  clock.advance(2_000)
  expect(peer.late).toEqual([])
  peer.isReady = true
  clock.advance(2_000)
  expect(peer.late).toEqual([{ kind: 'step1', stateVector: Uint8Array.of(7) }])
  exhaust(peer.rate, Uint8Array.of(8))
  peer.rate.ended()
  peer.rate.ended()
  clock.advance(2_000)
  expect(peer.late.length).toBe(1)
  expect(limiter.sleeperCount).toBe(0)
  expect((clock as ManualClock).timerCount).toBe(0)
})

test('[RT7] sessions are counted by user', () => {
  const { limiter } = world({ sessionsPerUserMax: 2 })
  const rates = [1, 2, 3].map(
    () => new SessionRate({ limiter, gate: undefined, onLate: () => true }),
  )
  expect(rates.map((rate) => rate.granted('ada', document))).toEqual([undefined, undefined, 'full'])
  rates[0]?.ended()
  rates[2]?.ended()
  const again = new SessionRate({ limiter, gate: undefined, onLate: () => true })
  expect(again.granted('ada', document)).toBeUndefined()
  for (const rate of [...rates, again]) rate.ended()
  const nobody = Array.from(
    { length: 5 },
    () => new SessionRate({ limiter, gate: undefined, onLate: () => true }),
  )
  expect(nobody.map((rate) => rate.granted('', document))).not.toContain('full')
  expect(limiter.keyCount).toBeLessThanOrEqual(2)
})
