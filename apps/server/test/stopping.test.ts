/** How the command ends when its disk does not take what is typed: what it says, with which code, and how it is hurried. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createProvider, type Provider } from '@quire/provider'
import { until } from '@quire/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import WebSocket from 'ws'
import * as Y from 'yjs'
import { killAll, started } from './cli.ts'

/** Windows has no limit for the size of files, and no signals. */
const canLimit = process.platform !== 'win32'
/** Above what a new store takes, below what is pasted. Some shells count it twice. */
const fileBytesMax = 2 * 1024 * 1024
const pasted = 'x'.repeat(8 * 1024 * 1024)

let folder: string
const providers: Provider[] = []

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quire-stopping-'))
})
afterEach(async () => {
  await Promise.all(providers.splice(0).map((provider) => provider.close()))
  killAll()
  rmSync(folder, { recursive: true, force: true })
})

function open(port: number, doc: Y.Doc): Provider {
  const url = `ws://127.0.0.1:${port}/sync`
  const provider = createProvider({ url, document: 'notes', doc, webSocket: WebSocket })
  providers.push(provider)
  return provider
}

const unsavedOf = ({ status }: Provider): number => ('unsaved' in status ? status.unsaved : 0)

/** A server that has stored `kept` and cannot store what was pasted after it. */
async function stuck() {
  const server = await started(['--port', '0', '--data', folder], { fileBytesMax })
  const doc = new Y.Doc()
  const provider = open(server.port, doc)
  await until('the author is in', () => provider.synced)
  doc.getText('kept').insert(0, 'kept')
  await until('the first edit is stored', () => unsavedOf(provider) === 0)
  doc.getText('pasted').insert(0, pasted)
  await until('the server knows that its disk fails', async () => {
    const ready = await fetch(`http://127.0.0.1:${server.port}/readyz`)
    return ((await ready.json()) as { storage: string }).storage !== 'ok'
  })
  return { server, doc, provider }
}

test.skipIf(!canLimit)(
  'what cannot be stored until the deadline is counted in one line, with code 1; its author still has it',
  async () => {
    const { server, doc, provider } = await stuck()
    server.child.kill('SIGTERM')
    expect(await server.exit).toBe(1)
    expect(server.stdout()).toContain('SIGTERM: saving and closing')
    expect(server.stdout()).not.toContain('Everything is stored')
    expect(server.stderr()).toContain(
      'quire: stopped, but 1 edits could not be stored; their authors still have them\n',
    )
    await provider.close()

    const again = await started(['--port', '0', '--data', folder])
    const readerDoc = new Y.Doc()
    const reader = open(again.port, readerDoc)
    await until('the reader is in', () => reader.synced)
    expect(readerDoc.getText('kept').toJSON()).toBe('kept')
    expect(readerDoc.getText('pasted').length).toBe(0)
    open(again.port, doc)
    await until('the author brings it', () => readerDoc.getText('pasted').length === pasted.length)
    again.child.kill('SIGTERM')
    expect(await again.exit).toBe(0)
  },
)

test.skipIf(!canLimit).each([
  ['SIGTERM', 'SIGTERM'],
  ['SIGINT', 'SIGINT'],
  ['SIGTERM', 'SIGINT'],
] as const)(
  '%s waits for the disk, and a %s after it ends at once with code 1',
  async (first, second) => {
    const { server } = await stuck()
    server.child.kill(first)
    await until('it is waiting', () => server.stdout().includes(`${first}: saving and closing`))
    // One that comes within a third of a second counts as the same; so it is sent until it counts.
    const sending = setInterval(() => server.child.kill(second), 100)
    try {
      expect(await server.exit).toBe(1)
    } finally {
      clearInterval(sending)
    }
    // Neither the deadline's sentence nor that of an end in order: it did not come that far.
    expect(server.stdout() + server.stderr()).not.toMatch(/could not be stored|Stopped/)
  },
)
