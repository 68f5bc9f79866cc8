/**
 * The files that a crash leaves behind, made from the steps of a recorded run.
 *
 * A killed process leaves exactly what it wrote: the system still has it. A power cut leaves what was
 * synced; of what was not, each write, size and name is there or not, in any combination, and one write
 * may be torn between two sectors. After a sync that failed, what it was to bring to the disk is never
 * there, although the system goes on showing it. That is what a disk is allowed to do, and worse than most do.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '@quire/base'
import { createSeededRandom } from '@quire/testkit'
import type { Step } from './recorded-run.ts'

const sectorBytes = 512

type Change = Extract<Step, { kind: 'write' | 'cut' }>

/** A file under whatever name. */
interface Content {
  /** What the system shows of it. */
  shown: Buffer
  synced: Buffer
  /** What was written since, in order, and may still reach the disk. */
  readonly loose: Change[]
}

const contentOf = (bytes: Buffer): Content => ({ shown: bytes, synced: bytes, loose: [] })

export interface Crash {
  /** The files by name. */
  readonly files: ReadonlyMap<string, Buffer>
  /** The lines that were said before. */
  readonly said: readonly string[]
}

/** The disk after the first `count` steps of a run that began with `before`. */
export class CrashDisk {
  /** The names as the system has them, and as they were when the folder was last synced. */
  readonly #names = new Map<string, Content>()
  #synced = new Map<string, Content>()
  readonly #said: string[] = []

  constructor(before: ReadonlyMap<string, Buffer>) {
    for (const [name, bytes] of before) this.#names.set(name, contentOf(bytes))
    this.#synced = new Map(this.#names)
  }

  do(step: Step): void {
    switch (step.kind) {
      case 'make':
        if (!this.#names.has(step.file)) {
          this.#names.set(step.file, contentOf(Buffer.alloc(0)))
        }
        break
      case 'write':
      case 'cut': {
        const content = this.#names.get(step.file)
        if (content === undefined) break
        content.loose.push(step)
        content.shown = changed(content.shown, [step])
        break
      }
      case 'sync': {
        const content = this.#names.get(step.file)
        if (content === undefined) break
        content.synced = changed(content.synced, content.loose)
        content.loose.length = 0
        break
      }
      case 'sync-failed':
        // The worst a system does: it goes on showing what it gave up writing.
        this.#names.get(step.file)?.loose.splice(0)
        break
      case 'sync-folder':
        this.#synced = new Map(this.#names)
        break
      case 'rename': {
        const content = this.#names.get(step.file)
        this.#names.delete(step.file)
        if (content) this.#names.set(step.to, content)
        break
      }
      case 'remove':
        this.#names.delete(step.file)
        break
      case 'said':
        this.#said.push(step.line)
        break
    }
  }

  get said(): readonly string[] {
    return this.#said
  }

  /** What a process that is killed now leaves. */
  killed(): Map<string, Buffer> {
    return new Map([...this.#names].map(([name, { shown }]) => [name, shown]))
  }

  /** What a power cut now may leave. */
  cut(seed: number): Map<string, Buffer> {
    const random = createSeededRandom(seed)
    const names = new Map(this.#synced)
    for (const [name, content] of this.#names) {
      if (names.get(name) !== content && random.chance(0.5)) names.set(name, content)
    }
    for (const name of this.#synced.keys()) {
      if (!this.#names.has(name) && random.chance(0.5)) names.delete(name)
    }
    return new Map([...names].map(([name, content]) => [name, torn(content, random)]))
  }
}

function torn(
  { synced, loose }: Content,
  random: Random & { chance(of: number): boolean; below(limit: number): number },
): Buffer {
  // All, none and a mixture each have to come up often.
  const share = [0, 0.5, 0.9, 1][random.below(4)] ?? 1
  const kept = loose.filter(() => random.chance(share))
  const last = kept.at(-1)
  if (last?.kind === 'write' && random.chance(0.5)) {
    const sectors = Math.floor(last.bytes.length / sectorBytes)
    // A sector is written whole or not at all.
    const length = sectors === 0 ? last.bytes.length : random.below(sectors + 1) * sectorBytes
    kept[kept.length - 1] = { ...last, bytes: last.bytes.subarray(0, length) }
  }
  return changed(synced, kept)
}

function changed(before: Buffer, changes: readonly Change[]): Buffer {
  let size = before.length
  let capacity = before.length
  for (const each of changes) {
    size = each.kind === 'cut' ? each.size : Math.max(size, each.at + each.bytes.length)
    capacity = Math.max(capacity, size)
  }
  const after = Buffer.alloc(capacity)
  before.copy(after)
  let end = before.length
  for (const each of changes) {
    if (each.kind === 'write') {
      each.bytes.copy(after, each.at)
      end = Math.max(end, each.at + each.bytes.length)
    } else {
      // What is behind the new end reads as zeros when the file grows again.
      if (each.size < end) after.fill(0, each.size, end)
      end = each.size
    }
  }
  return after.subarray(0, size)
}

/** Puts the files into `folder`, and nothing else. */
export function writeImage(folder: string, files: ReadonlyMap<string, Buffer>): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes)
}
