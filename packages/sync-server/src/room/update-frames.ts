/**
 * Updates as frames that any session can be sent. An update is copied into its frame once, and a row of
 * the log is that same copy: a document that is written in by the megabyte costs each byte once, not
 * once for every use. Decides nothing about who is sent what.
 */
import { encodeStep2Head, encodeUpdateHead } from '@quire/protocol'
import * as Y from 'yjs'
import { type WireFrame, wireFrame } from '../session/frame-writer.ts'

/** Fewer, and merging costs the server more than the bytes and the receivers' transactions it saves. */
const mergeRowsMin = 6
/** Rows that are larger in the mean go as they are: merging reads all of their content, and saves bytes at their edges only. */
const mergedRowBytesMax = 2 * 1024

export function updateFrame(update: Uint8Array): WireFrame {
  return wireFrame(encodeUpdateHead(update.length), update)
}

export function step2Frame(update: Uint8Array): WireFrame {
  return wireFrame(encodeStep2Head(update.length), update)
}

/** The update in a frame of {@link updateFrame}; a view, for as long as it is kept the frame is. */
export function updateIn({ framed }: WireFrame, updateBytes: number): Uint8Array {
  const from = framed.byteOffset + framed.length - updateBytes
  return new Uint8Array(framed.buffer, from, updateBytes)
}

export function mergeAll(updates: readonly Uint8Array[]): Uint8Array {
  const [only] = updates
  return only && updates.length === 1 ? only : Y.mergeUpdates([...updates])
}

/** Whether rows become one update when they are sent together. */
export function areMerged(rowCount: number, rowBytes: number): boolean {
  return rowCount >= mergeRowsMin && rowBytes <= rowCount * mergedRowBytesMax
}
