/** What the world does to a disk: it fills up, and it fails to sync. Needs root and Linux, or a tracer; else skipped. */
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@quire/testkit'
import { expect, test } from 'vitest'
import { type DocumentStore, openSqliteStore } from '../src/index.ts'
import { confirmedBy, startWriter } from './writer-process.ts'
import { differenceOf, named, updateAt } from './written.ts'

const canMount = process.platform === 'linux' && process.getuid?.() === 0
const canTrace = spawnSync('strace', ['-o', '/dev/null', 'true']).status === 0

/** A folder of its own for `run`, with `mount` in the form of a command that is undone afterwards. */
async function inFolder(run: (folder: string) => Promise<void>, sizeMb?: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'quire-disk-'))
  try {
    if (sizeMb !== undefined) {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'quire-test', folder])
    }
    await run(folder)
  } finally {
    if (sizeMb !== undefined) execFileSync('umount', ['-l', folder])
    rmSync(folder, { recursive: true })
  }
}

test.skipIf(!canMount)(
  '[SQ5] on a full disk nothing is confirmed, reading goes on, and writing resumes with the space',
  () =>
    inFolder(async (folder) => {
      const data = join(folder, 'data')
      const store = await openSqliteStore({ folder: data })
      let head = await fill(store, 0)
      expect(head).toBeGreaterThan(100)
      for (let attempt = 0; attempt < 5; attempt++) {
        await expect(append(store, head)).rejects.toMatchObject({ code: 'full', retry: 'later' })
        const stored = await store.open(named('a'))
        expect(stored.head).toBe(head)
        expect(differenceOf('a', stored)).toBeUndefined()
      }
      rmSync(join(folder, 'ballast'))
      head = await append(store, head)
      head = await append(store, head)
      expect(await store.verify()).toEqual({ documents: 1, problems: [] })
      await store.close()
      const again = await openSqliteStore({ folder: data })
      const stored = await again.open(named('a'))
      expect(stored.head).toBe(head)
      expect(differenceOf('a', stored)).toBeUndefined()
      await again.close()

      async function fill(full: DocumentStore, from: number): Promise<number> {
        writeFileSync(join(folder, 'ballast'), Buffer.alloc(2 * 1024 * 1024))
        let confirmed = from
        for (;;) {
          try {
            confirmed = await append(full, confirmed)
          } catch (error) {
            expect(error).toMatchObject({ code: 'full', retry: 'later' })
            return confirmed
          }
        }
      }
    }, 5),
)

async function append(store: DocumentStore, head: number): Promise<number> {
  const updates = Array.from({ length: 20 }, (_, at) => updateAt('a', head + 1 + at))
  expect(await store.append([{ document: named('a'), updates }])).toMatchObject([
    { kind: 'stored', head: head + 20 },
  ])
  return head + 20
}

test.skipIf(!canTrace)('[SQ6] every confirmed batch was synced, also after a reopening', () =>
  inFolder(async (folder) => {
    await (await openSqliteStore({ folder })).close()
    const trace = join(folder, 'trace')
    const only = ['-e', 'trace=fsync,fdatasync', '-e', 'signal=none']
    const writer = startWriter(folder, 'compact', [
      'strace',
      '-D',
      '-f',
      '-qq',
      '-o',
      trace,
      ...only,
    ])
    await writer.said('compacting')
    await writer.said('compacting')
    await writer.kill()
    const batches = writer.lines.filter((line) => /^a \d+$/.test(line)).length
    const compactions = writer.lines.filter((line) => line.startsWith('compacted')).length
    const text = execFileSync('cat', [trace]).toString()
    const syncs = [...text.matchAll(/f(?:data)?sync(?:\(\d+\)| resumed>\)) += 0/g)].length
    expect(batches).toBeGreaterThan(1)
    expect(syncs).toBeGreaterThanOrEqual(batches + compactions)
  }),
)

test.skipIf(!canTrace)('[SQ6] a sync that fails confirms nothing, and the store goes on', () =>
  inFolder(async (folder) => {
    await (await openSqliteStore({ folder })).close()
    // Of each thread the third or sixth sync of the log.
    for (const which of [3, 6]) {
      const only = ['-e', 'trace=fsync,fdatasync', '-P', join(folder, 'quire.db-wal')]
      const inject = ['-e', `inject=fsync,fdatasync:error=EIO:when=${which}`]
      const under = ['strace', '-D', '-f', '-qq', ...only, ...inject, '-o', join(folder, 'trace')]
      const writer = startWriter(folder, 'stubborn', under)
      await writer.said('done')
      expect(writer.lines).toContain('failed io')
      const store = await openSqliteStore({ folder })
      const stored = await store.open(named('a'))
      expect(stored.head).toBeGreaterThanOrEqual(confirmedBy(writer.lines).get('a') ?? Infinity)
      expect(differenceOf('a', stored)).toBeUndefined()
      expect((await store.verify()).problems).toEqual([])
      await store.close()
    }
  }),
)

test.skipIf(!canTrace || !canMount)(
  '[SQ6] while syncs fail nothing is confirmed, and when they succeed again the store goes on by itself',
  () =>
    inFolder(async (folder) => {
      const writer = startWriter(folder, 'endless')
      await writer.said('a 50')
      const broken = spawn('strace', [
        ...['-f', '-qq', '-p', `${writer.pid}`, '-o', '/dev/null'],
        ...['-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:error=EIO'],
      ])
      for (let failed = 0; failed < 5; failed++) await writer.said('failed io')
      const mended = once(broken, 'exit')
      broken.kill('SIGTERM')
      await mended
      const heard = writer.lines.length
      await until('batches are confirmed again', () =>
        writer.lines.slice(heard + 1).some((line) => line.startsWith('a ')),
      )
      await writer.kill()
      const [first, last] = [
        writer.lines.indexOf('failed io'),
        writer.lines.lastIndexOf('failed io'),
      ]
      expect(writer.lines.slice(first, last).filter((line) => line !== 'failed io')).toEqual([])
      const store = await openSqliteStore({ folder })
      const stored = await store.open(named('a'))
      expect(stored.head).toBeGreaterThanOrEqual(confirmedBy(writer.lines).get('a') ?? Infinity)
      expect(differenceOf('a', stored)).toBeUndefined()
      await store.close()
    }),
)
