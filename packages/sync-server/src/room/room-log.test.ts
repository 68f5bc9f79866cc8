/** What a log gives back; what it answers is tested in `knowledge.test.ts`. */
import { compactDocument } from '@quire/persistence'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { RoomLog } from './room-log.ts'

/** A log with large rows, of which the first `loadedCount` came from the store. */
function logOf(rowCount: number, loadedCount: number) {
  const doc = new Y.Doc()
  const rows: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => rows.push(new Uint8Array(update)))
  for (let i = 0; i < rowCount; i++) doc.getMap('m').set('key', `${i}`.repeat(30_000))
  const tail = rows.map((update, at) => ({ number: at + 1, update }))
  const loaded = tail.slice(0, loadedCount)
  const log = new RoomLog({ snapshot: undefined, tail: loaded, head: loadedCount })
  for (const update of rows.slice(loadedCount)) log.append(update)
  log.stored(rowCount)
  const upTo = (number: number) =>
    compactDocument({ snapshot: undefined, tail: tail.slice(0, number) })
  const freed = () => rows.flatMap(({ length }, at) => (length === 0 ? [at + 1] : []))
  return { doc, log, upTo, freed }
}

test('[MB1] rows that are in a snapshot are freed, but none that is still to be sent or is the store’s', () => {
  const { doc, log, upTo, freed } = logOf(9, 2)
  log.compacted(upTo(6), 4)
  expect(freed()).toEqual([3, 4])
  const reader = new Y.Doc()
  for (const update of log.updates()) Y.applyUpdate(reader, update)
  expect(reader.getMap('m').get('key')).toBe(doc.getMap('m').get('key'))
})

test('[MB1] a snapshot is freed when another takes its place', () => {
  const { log, upTo } = logOf(9, 0)
  const [first, second] = [upTo(3), upTo(8)]
  log.compacted(first, 9)
  expect(first.update.length).toBeGreaterThan(0)
  log.compacted(second, 9)
  expect([first.update.length, second.update.length > 0]).toEqual([0, true])
})
