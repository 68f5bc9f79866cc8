/**
 * A disk that fills up under the real server: nothing is called saved that is not, people go on reading
 * and writing together, and when there is space again everything is stored without anybody doing anything.
 *
 * Needs Linux and root, for a disk of a few megabytes.
 */
import { execFileSync } from 'node:child_process'
import { closeSync, cpSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createSeededRandom, until } from '@quire/testkit'
import { expect, test } from 'vitest'
import { type Client, freshJoiner, openClient } from './client.ts'
import { makeDataFolder, readStored, removeDataFolder } from './data-folder.ts'
import { startServerProcess } from './server-process.ts'

const canMount = process.platform === 'linux' && process.getuid?.() === 0
/** What the promise is: service resumes within this time after there is space. */
const resumeMsMax = 10_000

/** Writes until there is no space left. */
function fillUp(file: string): void {
  const handle = openSync(file, 'a')
  const block = Buffer.alloc(64 * 1024, 1)
  try {
    for (;;) writeSync(handle, block)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
  } finally {
    closeSync(handle)
  }
}

test.skipIf(!canMount)(
  'on a full disk nothing is called saved, reading and writing go on, and all is stored soon after there is space',
  async () => {
    const disk = makeDataFolder()
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'quire-test', disk])
    const data = join(disk, 'data')
    const clients: Client[] = []
    const server = await startServerProcess({ data })
    const open = (document: string): Client => {
      const client = openClient({ syncUrl: server.syncUrl, document })
      clients.push(client)
      return client
    }
    try {
      const [ann, ben, other] = [open('notes'), open('notes'), open('other')]
      const text = ann.doc.getText('t')
      text.insert(0, 'before ')
      other.doc.getText('t').insert(0, 'elsewhere')
      await Promise.all(clients.map((client) => client.saved()))
      await other.close()
      clients.splice(clients.indexOf(other), 1)

      fillUp(join(disk, 'ballast'))
      const random = createSeededRandom(5)
      const storage = async (): Promise<string> => {
        const answer = (await (await fetch(`${server.url}/readyz`)).json()) as { storage: string }
        return answer.storage
      }
      // What the write-ahead log already has on the disk takes some edits.
      await until(
        'the disk has no place for another edit',
        async () => {
          text.insert(text.length, Buffer.from(random.bytes(30_000)).toString('base64'))
          return (await storage()) === 'failing'
        },
        60_000,
      )
      text.insert(text.length, ' after')
      await until('others read it all the same', () => ben.doc.getText('t').length === text.length)
      expect(ann.provider.status.kind).not.toBe('saved')
      expect((await freshJoiner(server.syncUrl, 'other')).getText('t').toJSON()).toBe('elsewhere')
      expect(await storage()).toBe('failing')
      expect(ann.provider.status.kind).not.toBe('saved')

      const startMs = performance.now()
      rmSync(join(disk, 'ballast'))
      await until(
        'everything is saved',
        () => ann.provider.status.kind === 'saved' && ben.provider.status.kind === 'saved',
        resumeMsMax,
      )
      expect(performance.now() - startMs).toBeLessThan(resumeMsMax)
      expect(await storage()).toBe('ok')
      // Killed now, the disk has every word.
      await server.stop('SIGKILL')
      const copy = makeDataFolder()
      cpSync(data, copy, { recursive: true })
      expect((await readStored(copy, 'notes')).getText('t').toJSON()).toBe(text.toJSON())
      removeDataFolder(copy)
    } finally {
      await Promise.all(clients.map((client) => client.close()))
      await server.stop('SIGKILL')
      execFileSync('umount', ['-l', disk])
      removeDataFolder(disk)
    }
  },
)
