/** When unmodified Hocuspocus providers say that everything is saved, it is on disk. */
import { createMemoryStore, type DocumentStore } from '@quire/persistence'
import { until } from '@quire/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import { type Host, startHost, storedText } from './harness.ts'
import {
  type Editor,
  type HocuspocusKind,
  hocuspocusKinds,
  type Kind,
  openEditor,
} from './matrix.ts'

let host: Host
const editors: Editor[] = []

afterEach(async () => {
  for (const editor of editors.splice(0)) editor.destroy()
  await host.close()
})

/** A store whose commits wait for the test. */
class HeldStore {
  readonly inner: DocumentStore = createMemoryStore()
  isHolding = false
  appendCount = 0
  #waiting: (() => void)[] = []

  readonly store: DocumentStore = new Proxy(this.inner, {
    get: (target, key) => {
      if (key === 'append')
        return (...args: Parameters<DocumentStore['append']>) => this.#append(...args)
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

  release(): void {
    this.isHolding = false
    for (const go of this.#waiting.splice(0)) go()
  }

  async #append(...args: Parameters<DocumentStore['append']>) {
    this.appendCount += 1
    if (this.isHolding) await new Promise<void>((go) => this.#waiting.push(go))
    return this.inner.append(...args)
  }
}

async function open(kind: Kind): Promise<Editor> {
  const editor = await openEditor(kind, { url: host.url, document: 'held', token: () => '' })
  editors.push(editor)
  await until(`${kind} is synced`, () => editor.isSynced)
  return editor
}

async function expectSaved(editor: Editor): Promise<void> {
  await until(`${editor.kind} has everything saved`, () => editor.unsynced === 0)
  // A count that is wrong is seen when something that is not counted comes late.
  await new Promise((resolve) => setImmediate(resolve))
  expect(editor.unsynced).toBe(0)
}

describe.each(hocuspocusKinds)('%s', (kind: HocuspocusKind) => {
  test('[MX7] nothing is saved before its commit, and each edit counts once', async () => {
    const held = new HeldStore()
    host = await startHost({ store: held.store })
    const editor = await open(kind)
    await until('it has nothing unsaved', () => editor.unsynced === 0)
    const other = await open('y-websocket 3.1.0')
    held.isHolding = true
    for (let i = 0; i < 10; i++) {
      editor.text.insert(0, 'x')
      await until('others see it at once', () => other.text.length === i + 1)
      expect(editor.unsynced).toBe(i + 1)
    }
    expect(await storedText(held.inner, 'held')).toBe('')
    held.release()
    await expectSaved(editor)
    expect(await storedText(held.inner, 'held')).toBe('x'.repeat(10))
    held.isHolding = true
    editor.text.delete(0, 5)
    await until('others see it', () => other.text.length === 5)
    expect(editor.unsynced).toBe(1)
    held.release()
    await expectSaved(editor)
  })

  test('[MX7] after a crash of the connection the count is that of what is not saved', async () => {
    const held = new HeldStore()
    host = await startHost({ store: held.store })
    const editor = await open(kind)
    editor.text.insert(0, 'start ')
    await expectSaved(editor)
    for (let round = 1; round <= 3; round++) {
      held.isHolding = true
      editor.text.insert(0, 'lost ack ')
      await until('the server has it', () => host.sync.stats().unsavedUpdates > 0)
      host.cut()
      await until('it has noticed', () => !editor.isSynced)
      for (let i = 0; i < 3; i++) editor.text.insert(0, 'offline ')
      editor.text.delete(0, 3)
      host.mend()
      await until('it is back', () => editor.isSynced)
      editor.text.insert(0, 'live ')
      await until('all of it has come', () => {
        return host.sync.stats().counters.updatesTaken > 0 && host.sync.stats().unsavedUpdates > 1
      })
      expect(editor.unsynced).toBeGreaterThan(0)
      held.release()
      await expectSaved(editor)
      expect(await storedText(held.inner, 'held')).toBe(editor.text.toJSON())
    }
  })
})
