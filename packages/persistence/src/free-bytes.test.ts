import { expect, test } from 'vitest'
import { freeBufferOf, freeBytes, freedBytesMin, lendBytes } from './free-bytes.ts'

const large = (): Uint8Array => new Uint8Array(4 * freedBytesMin).fill(7)

test('[FB1] what is freed is empty for everybody who holds it, and its memory is back', () => {
  const bytes = large()
  const view = bytes.subarray(10, 20)
  freeBytes(bytes)
  expect([bytes.length, view.length]).toEqual([0, 0])
  freeBytes(bytes)
  const before = process.memoryUsage().arrayBuffers
  for (let i = 0; i < 1_000; i++) freeBytes(new Uint8Array(100_000))
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(10_000_000)
})

test('[FB1] a part of a buffer, a small one and what threads share are left alone', () => {
  const bytes = large()
  freeBytes(bytes.subarray(1))
  expect(bytes[0]).toBe(7)
  const small = new Uint8Array(freedBytesMin)
  freeBytes(small)
  expect(small.length).toBe(freedBytesMin)
  const pooled = Buffer.from('some words')
  freeBufferOf(pooled)
  expect(pooled.toString()).toBe('some words')
  const shared = new Uint8Array(new SharedArrayBuffer(4 * freedBytesMin))
  freeBytes(shared)
  expect(shared.length).toBe(4 * freedBytesMin)
})

test('[FB1] what a row lies in is freed with it', () => {
  const frame = large()
  freeBufferOf(frame.subarray(6))
  expect(frame.length).toBe(0)
})

test('[FB2] what is lent is freed when the last who has it gives it back, and not before', () => {
  const bytes = large()
  const back = [lendBytes(bytes), lendBytes(bytes.subarray(5))]
  freeBytes(bytes)
  back[0]?.()
  expect(bytes[0]).toBe(7)
  back[1]?.()
  expect(bytes.length).toBe(0)
})

test('[FB2] what was lent and given back stays until its owner is through with it', () => {
  const bytes = large()
  lendBytes(bytes)?.()
  expect(bytes[0]).toBe(7)
  freeBytes(bytes)
  expect(bytes.length).toBe(0)
})
