/**
 * A power cut, for real: a file system within a file on another one. What is in the file at a moment is
 * what a disk would have; what the inner system still holds in memory is not in it. The outer one copies
 * the file at once, while a store is being written to (Btrfs, `cp --reflink`).
 *
 * Needs Linux, root and btrfs-progs, and is skipped elsewhere; `crash-points.test.ts` tries more power cuts
 * on a model of a disk, everywhere that strace runs.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import { openSqliteStore } from '../src/sqlite/sqlite-store.ts'
import { confirmedBy, startWriter } from './writer-process.ts'
import { differenceOf, named } from './written.ts'

const cuts = Number(process.env['QUIRE_CUTS'] ?? 3)
const seed = Number(process.env['QUIRE_SEED'] ?? Date.now() % 1_000_000)

const run = (command: string, ...args: string[]): void => {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** A place for images of disks, or why there is none. */
function makeRig(): { readonly place: string } | { readonly why: string } {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return { why: 'it needs Linux and root' }
  if (spawnSync('mkfs.btrfs', ['--version']).status !== 0)
    return { why: 'btrfs-progs is not installed' }
  const place = mkdtempSync(join(tmpdir(), 'quire-power-'))
  try {
    run('truncate', '-s', '300M', join(place, 'outer.img'))
    run('mkfs.btrfs', '-q', join(place, 'outer.img'))
    mkdirSync(join(place, 'outer'))
    run('mount', '-o', 'loop', join(place, 'outer.img'), join(place, 'outer'))
    return { place }
  } catch (error) {
    rmSync(place, { recursive: true })
    return { why: `this system does not mount a Btrfs image: ${String(error)}` }
  }
}

test('[SQ11] after the power is cut a store has every row that it confirmed', async ({ skip }) => {
  const rig = makeRig()
  if ('why' in rig) return skip(rig.why)
  const { place } = rig
  const random = createSeededRandom(seed)
  const disk = join(place, 'outer', 'disk.img')
  const mounted = join(place, 'mounted')
  const after = join(place, 'after')
  mkdirSync(mounted)
  mkdirSync(after)
  const mounts = [join(place, 'outer')]
  const mount = (image: string, at: string): void => {
    run('mount', '-o', 'loop', image, at)
    mounts.push(at)
  }
  const unmount = (at: string): void => {
    run('umount', at)
    mounts.splice(mounts.indexOf(at), 1)
  }
  try {
    run('truncate', '-s', '100M', disk)
    run('mkfs.ext4', '-q', disk)
    mount(disk, mounted)
    for (let cut = 1; cut <= cuts; cut++) {
      const writer = startWriter(join(mounted, 'data'), cut % 2 === 0 ? 'compact' : 'append')
      await writer.said('open')
      await new Promise((resolve) => setTimeout(resolve, 200 + random.below(600)))
      // What is confirmed before the copy begins has to be in it.
      const confirmed = confirmedBy(writer.lines)
      const image = join(place, 'outer', `cut-${cut}.img`)
      run('cp', '--reflink=always', disk, image)
      await writer.kill()
      expect(confirmed.size).toBeGreaterThan(0)
      mount(image, after)
      const store = await openSqliteStore({ folder: join(after, 'data') })
      for (const [name, head] of confirmed) {
        const stored = await store.open(named(name))
        const what = `cut ${cut}, document ${name}, replay with QUIRE_SEED=${seed}`
        expect(differenceOf(name, stored), what).toBeUndefined()
        expect(stored.head, what).toBeGreaterThanOrEqual(head)
      }
      expect((await store.verify()).problems).toEqual([])
      await store.close()
      unmount(after)
      rmSync(image)
    }
  } finally {
    for (const at of mounts.toReversed()) run('umount', '-l', at)
    rmSync(place, { recursive: true })
  }
})
