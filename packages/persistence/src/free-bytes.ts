/**
 * Gives the memory of large byte arrays back at their last use. For buffers of one owner who knows it.
 *
 * Why: a buffer weighs 64 KB outside of the heap and 100 bytes inside of it, so the collector has little
 * reason to run however much passes through; a socket that only drops what it reads keeps 37 MB of it. Here
 * whoever knows that a buffer is at its end says so, which also costs less than collecting it.
 *
 * 1. What is freed is empty from then on, for everybody who holds it: a length of 0, never other bytes.
 * 2. What was lent to the operating system is freed when it is given back, not before.
 * 3. Nobody has to free anything: what is forgotten waits for the collector as ever.
 */
import { MessageChannel, type MessagePort } from 'node:worker_threads'

/** Smaller ones are not worth it, and may lie in a pool with others. */
export const freedBytesMin: number = 16 * 1024

/** How often a buffer is lent, and whether its owner is through with it. */
interface Loan {
  count: number
  isFreed: boolean
}

const loans = new WeakMap<ArrayBufferLike, Loan>()

type Transferable = ArrayBuffer & { readonly transfer?: (byteCount: number) => ArrayBuffer }

let nowhere: MessagePort | undefined

/** Lends the buffer behind an array to something that reads it later. Returns what has to be called once, when that is over; undefined when the array is too small to be freed. */
export function lendBytes({ buffer }: Uint8Array): (() => void) | undefined {
  if (buffer.byteLength <= freedBytesMin) return undefined
  let loan = loans.get(buffer)
  if (!loan) loans.set(buffer, (loan = { count: 0, isFreed: false }))
  loan.count += 1
  const given = loan
  return () => {
    given.count -= 1
    if (given.count === 0 && given.isFreed) free(buffer)
  }
}

/** Frees the buffer behind an array that fills it alone. Does nothing for a part of a buffer, or a small one. */
export function freeBytes(bytes: Uint8Array): void {
  if (bytes.length === bytes.buffer.byteLength) freeBufferOf(bytes)
}

/** Frees the whole buffer behind an array, whatever else lies in it. Does nothing for a small one. */
export function freeBufferOf({ buffer }: Uint8Array): void {
  if (buffer.byteLength <= freedBytesMin) return
  const loan = loans.get(buffer)
  if (loan && loan.count > 0) loan.isFreed = true
  else free(buffer)
}

function free(buffer: ArrayBufferLike): void {
  if (!(buffer instanceof ArrayBuffer)) return
  const { transfer } = buffer as Transferable
  if (transfer) {
    transfer.call(buffer, 0)
    return
  }
  // Node 20 has no other way: what is transferred to a port that is closed is gone.
  nowhere ??= closedPort()
  nowhere.postMessage(undefined, [buffer])
}

function closedPort(): MessagePort {
  const { port1, port2 } = new MessageChannel()
  port1.close()
  port2.close()
  return port1
}
