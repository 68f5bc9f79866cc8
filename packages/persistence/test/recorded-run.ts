/**
 * Records what a process does to the files of one folder, call by call, and what it says in between: the
 * whole of its writing as a list of steps. A state of the disk in which the process could have been
 * killed is a prefix of the list; `crash-image.ts` makes it.
 *
 * Reads the log of strace. Needs Linux and strace.
 *
 * 1. Steps stand in the order in which the calls returned; a line that was said, where its writing began.
 * 2. Only calls that succeeded are steps, and syncs that failed.
 * 3. What is written through a mapping is not recorded: of a store's files that is only `quire.db-shm`,
 *    which SQLite makes anew when nobody else has the database open.
 */
import { readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { must } from '@quire/base'
import { startWriter } from './writer-process.ts'

export type Step =
  | { readonly kind: 'make'; readonly file: string }
  | { readonly kind: 'write'; readonly file: string; readonly at: number; readonly bytes: Buffer }
  | { readonly kind: 'cut'; readonly file: string; readonly size: number }
  | { readonly kind: 'sync'; readonly file: string }
  | { readonly kind: 'sync-failed'; readonly file: string }
  | { readonly kind: 'sync-folder' }
  | { readonly kind: 'rename'; readonly file: string; readonly to: string }
  | { readonly kind: 'remove'; readonly file: string }
  | { readonly kind: 'said'; readonly line: string }

const traced =
  'openat,creat,write,pwrite64,writev,pwritev,ftruncate,truncate,fallocate,fsync,fdatasync,rename,renameat,renameat2,unlink,unlinkat,link,linkat,copy_file_range'

/** Runs a job of `writer.ts` to its end. `inject` has more options of strace. `folder` has no folders below it. Fails when the job does, or does something to a file that this knows no step for. */
export async function recordRun(
  folder: string,
  job: string,
  inject: readonly string[] = [],
): Promise<readonly Step[]> {
  const log = join(tmpdir(), `${basename(folder)}.strace`)
  const options = ['-D', '-f', '-qq', '-y', '-xx', '-s', '9999999', '--seccomp-bpf']
  const writer = startWriter(folder, job, [
    'strace',
    ...options,
    ...['-e', `trace=${traced}`, '-e', 'signal=none', '-o', log],
    ...inject,
  ])
  try {
    await writer.said('done')
    await writer.ended()
    return stepsOf(readFileSync(log, 'latin1'), folder)
  } finally {
    rmSync(log, { force: true })
  }
}

function stepsOf(log: string, folder: string): Step[] {
  const steps: Step[] = []
  const known = new Set<string>()
  /** Where the next write without a place goes, in files that are written from their beginning on. */
  const ends = new Map<string, number>()
  /** The first half of a call that another thread interrupted in the log, by thread. */
  const begun = new Map<string, string>()
  let main: string | undefined
  let said = ''
  for (const line of log.split('\n')) {
    const [, thread = '', text = ''] = /^(\d+) +(.*)$/s.exec(line) ?? []
    const isHalf = text.endsWith(' <unfinished ...>')
    const [, rest] = /^<\.\.\. \w+ resumed>(.*)$/s.exec(text) ?? []
    const call =
      rest === undefined
        ? text.replace(/ <unfinished \.\.\.>$/, '')
        : must(begun.get(thread), text) + rest
    if (isHalf) begun.set(thread, call)
    // Tools that the process starts have an output of their own.
    main ??= thread
    const isOutput = thread === main && (isHalf || rest === undefined)
    const output = isOutput ? outputOf(call) : undefined
    if (output !== undefined) {
      said += output
      for (let end = said.indexOf('\n'); end >= 0; end = said.indexOf('\n')) {
        steps.push({ kind: 'said', line: said.slice(0, end) })
        said = said.slice(end + 1)
      }
    } else if (!isHalf && call !== '') {
      const step = stepOf(call, folder, known, ends)
      if (step !== undefined) steps.push(step)
    }
  }
  return steps
}

/** What a call writes to stdout, which is a pipe. */
function outputOf(call: string): string | undefined {
  const [, text] = /^write\(1<[^>]*>, "([^"]*)"/.exec(call) ?? []
  return text === undefined ? undefined : bytesOf(text).toString()
}

function stepOf(
  call: string,
  folder: string,
  known: Set<string>,
  ends: Map<string, number>,
): Step | undefined {
  const [, name = '', args = '', result = ''] = /^(\w+)\((.*)\) += (-?\d+)/s.exec(call) ?? []
  const isSync = name === 'fsync' || name === 'fdatasync'
  if (name === '' || (Number(result) < 0 && !isSync)) return undefined
  const open = /^(\d+|AT_FDCWD)<((?:\\x[0-9a-f]{2})*|[^>]*)>(.*)$/s.exec(args)
  const path = open?.[2] === undefined ? '' : textOf(open[2])
  const more = open?.[3] ?? ''
  const names = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, text = '']) => textOf(text))
  const inside = (full: string): string | undefined =>
    full.startsWith(`${folder}/`) ? full.slice(folder.length + 1) : undefined
  const file = inside(path)
  switch (name) {
    case 'openat': {
      const made = inside(names[0] ?? '')
      if (made === undefined || known.has(made) || !args.includes('O_CREAT')) return undefined
      known.add(made)
      ends.set(made, 0)
      return { kind: 'make', file: made }
    }
    case 'pwrite64': {
      if (file === undefined) return undefined
      const at = Number(/, (\d+)$/.exec(args)?.[1])
      return { kind: 'write', file, at, bytes: dataOf(more, Number(result)) }
    }
    case 'write': {
      if (file === undefined) return undefined
      const at = ends.get(file) ?? 0
      ends.set(file, at + Number(result))
      return { kind: 'write', file, at, bytes: dataOf(more, Number(result)) }
    }
    case 'ftruncate':
      return file === undefined ? undefined : { kind: 'cut', file, size: Number(more.slice(2)) }
    case 'fsync':
    case 'fdatasync':
      if (path === folder) return Number(result) < 0 ? undefined : { kind: 'sync-folder' }
      return file === undefined
        ? undefined
        : { kind: Number(result) < 0 ? 'sync-failed' : 'sync', file }
    case 'rename': {
      const [from, to] = names.map((each) => inside(each))
      if (from === undefined || to === undefined) return undefined
      known.delete(from)
      known.add(to)
      return { kind: 'rename', file: from, to }
    }
    case 'unlink':
    case 'unlinkat': {
      const gone = inside(names.at(-1) ?? '')
      if (gone === undefined) return undefined
      known.delete(gone)
      return { kind: 'remove', file: gone }
    }
    default: {
      const touches = [path, ...names].some((each) => inside(each) !== undefined)
      if (touches) throw new Error(`there is no step for ${call.slice(0, 200)}`)
      return undefined
    }
  }
}

function dataOf(args: string, count: number): Buffer {
  const [, text = ''] = /^, "((?:\\x[0-9a-f]{2})*)"/.exec(args) ?? []
  const bytes = bytesOf(text)
  if (bytes.length !== count)
    throw new Error(`a write of ${count} bytes was recorded as ${bytes.length}`)
  return bytes
}

const bytesOf = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex')
const textOf = (text: string): string => (text.includes('\\x') ? bytesOf(text).toString() : text)
