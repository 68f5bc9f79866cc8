/**
 * The suite that every blob store passes, on vitest. For an adapter of yours:
 *
 * `describeBlobContract({ name: 'my store', open: async () => ({ store, close }) })`
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type BlobEntry, type BlobName, blobNameOf, type BlobStore } from './blob-store.ts'

export interface BlobSubject {
  /** Empty. */
  readonly store: BlobStore
  /** Changes what is kept under a name behind the store's back; with undefined it is cut in half. */
  readonly damage: (name: BlobName, to?: Uint8Array) => Promise<void>
  readonly close: () => Promise<void>
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const laterMs = (): number => Date.now() + 3_600_000

export function describeBlobContract({
  name: title,
  open,
}: {
  readonly name: string
  readonly open: () => Promise<BlobSubject>
}): void {
  describe(title, () => {
    let subject: BlobSubject
    let store: BlobStore
    beforeEach(async () => {
      subject = await open()
      store = subject.store
    })
    afterEach(() => subject.close())

    const listed = async (): Promise<BlobEntry[]> => {
      const entries: BlobEntry[] = []
      for await (const entry of store.list()) entries.push(entry)
      return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    }

    test('[BL1] bytes come back under their SHA-256, none of them or many', async () => {
      const large = new Uint8Array(3 * 1024 * 1024).map((_, at) => at * 7)
      for (const bytes of [new Uint8Array(), bytesOf('one'), large]) {
        const name = await store.put(bytes)
        expect(name).toBe(blobNameOf(bytes))
        expect(Buffer.from((await store.get(name)) ?? []).equals(bytes)).toBe(true)
      }
      expect(await store.put(new Uint8Array())).toBe(
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      )
      expect(await store.get(blobNameOf(bytesOf('never put')))).toBeUndefined()
    })

    test('[BL1] what a caller does to its bytes after the call changes nothing', async () => {
      const bytes = bytesOf('as it was')
      const putting = store.put(bytes)
      bytes.fill(0)
      expect(Buffer.from((await store.get(await putting)) ?? []).toString()).toBe('as it was')
    })

    test('[BL2] the same bytes are kept once, also when they are put many times at once', async () => {
      const names = await Promise.all(Array.from({ length: 8 }, () => store.put(bytesOf('same'))))
      expect(new Set(names).size).toBe(1)
      expect((await listed()).map(({ name, bytes }) => [name, bytes])).toEqual([[names[0], 4]])
    })

    test('[BL3] changed, cut or exchanged bytes are refused by name, and putting them again mends them', async () => {
      const [name, other] = [await store.put(bytesOf('whole bytes')), await store.put(bytesOf('x'))]
      for (const to of [bytesOf('whole byteS'), undefined, bytesOf('x'), new Uint8Array()]) {
        await subject.damage(name, to)
        await expect(store.get(name)).rejects.toMatchObject({
          code: 'corrupt',
          message: expect.stringContaining(name),
        })
        await store.put(bytesOf('whole bytes'))
        expect(Buffer.from((await store.get(name)) ?? []).toString()).toBe('whole bytes')
      }
      expect(await store.get(other)).toBeDefined()
    })

    test('[BL4] the list has every blob with its size and time, and one that is deleted is gone', async () => {
      const texts = Array.from({ length: 25 }, (_, at) => `blob ${at}`)
      const names = await Promise.all(texts.map((text) => store.put(bytesOf(text))))
      const entries = await listed()
      expect(entries.map(({ name }) => name)).toEqual(names.toSorted())
      for (const { name, bytes, storedMs } of entries) {
        expect(bytes).toBe(texts[names.indexOf(name)]?.length)
        expect(Math.abs(storedMs - Date.now())).toBeLessThan(60_000)
      }
      const [first, second] = names as [BlobName, BlobName]
      expect(await store.delete(first, laterMs())).toBe('deleted')
      expect(await store.delete(first, laterMs())).toBe('missing')
      expect(await store.delete(second, Date.now() - 60_000)).toBe('newer')
      expect(await store.get(first)).toBeUndefined()
      expect(await store.get(second)).toBeDefined()
      expect(await listed()).toHaveLength(24)
    })
  })
}
