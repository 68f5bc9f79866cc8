import { expect, test } from 'vitest'
import { defaultLimits, type Limits } from './limits.ts'

const KB = 1024
const MB = 1024 * KB

/** What is promised in `THREAT_MODEL.md` and to those who run a server: no default is beyond it. */
const promised: Partial<Record<keyof Limits, number>> = {
  // Before anybody knows who it is.
  firstFrameMsMax: 10_000,
  firstGrantMsMax: 20_000,
  authorizeMsMax: 10_000,
  openingBytesMax: 256 * KB,
  openingFramesMax: 64,
  openingBytesPerSocketMax: MB,
  openingFramesPerSocketMax: 1_024,
  openingBytesMaxTogether: 64 * MB,
  openingPerAddressMax: 200,
  // Rights that were taken away.
  reviewMsMax: 1_000,
  recheckMsMax: 60_000,
  // What one message may be, and have others build.
  frameBytesMax: 16 * MB,
  updatePartsMax: 150_000,
  xmlDepthMax: 64,
  clockAdvanceMax: 2 ** 26,
  clockMax: 2 ** 32,
  presenceEntryBytesMax: 16 * KB,
  presenceBytesMax: 2 * MB,
  presenceClientsPerSessionMax: 8,
  presenceClockJumpMax: 2 ** 20,
  statelessBytesMax: 64 * KB,
  tokenBytesMax: 16 * KB,
  addressBytesMax: 512,
  // What waits.
  heldBytesMax: MB,
  heldUpdatesMax: 256,
  heldBytesPerRoomMax: 16 * MB,
  outboxBytesSoft: 512 * KB,
  outboxBytesMax: 16 * MB,
  behindMsMax: 60_000,
  unfinishedBytesMax: 256 * MB,
  unsavedBytesMax: 256 * MB,
  documentBytesMax: 256 * MB,
  openBytesMax: 768 * MB,
  documentsPerSocketMax: 256,
  rateOverMsMax: 60_000,
}

test('[WR12] no default is beyond what is promised of it', () => {
  for (const [name, most] of Object.entries(promised)) {
    expect(defaultLimits[name as keyof Limits], name).toBeLessThanOrEqual(most)
  }
})

test('[WR12] the defaults fit each other: what is allowed as one is not too much of another', () => {
  const limits = defaultLimits
  expect(limits.updateBytesMax).toBeLessThan(limits.frameBytesMax)
  expect(limits.sessionRate.bytesBurst).toBeGreaterThan(2 * limits.updateBytesMax)
  expect(limits.waitingBytesMax).toBeGreaterThan(limits.frameBytesMax)
  expect(limits.earlyBytesPerSocketMax).toBeGreaterThanOrEqual(limits.waitingBytesMax)
  expect(limits.openingBytesPerSocketMax).toBeGreaterThan(limits.openingBytesMax)
  expect(limits.openingBytesMax).toBeGreaterThan(limits.tokenBytesMax)
  expect(limits.firstGrantMsMax).toBeGreaterThan(limits.authorizeMsMax)
  expect(limits.presenceBytesMax).toBeGreaterThan(limits.presenceEntryBytesMax)
  expect(limits.outboxBytesMax).toBeGreaterThan(limits.outboxBytesSoft)
  expect(limits.openBytesMax).toBeGreaterThan(limits.openBytesSoft)
  // Several people at one document, and several documents of one address, are no flood.
  for (const burst of ['framesPerSecond', 'bytesPerSecond', 'bytesBurst'] as const) {
    expect(limits.userRate[burst]).toBeGreaterThan(limits.sessionRate[burst])
    expect(limits.documentRate[burst]).toBeGreaterThan(limits.userRate[burst])
    expect(limits.addressRate[burst]).toBeGreaterThanOrEqual(limits.documentRate[burst])
  }
})
