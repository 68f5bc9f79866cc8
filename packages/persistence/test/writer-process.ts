/** Starts `writer.ts` as a process and listens to what it says. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { must } from '@quire/base'

export interface WriterProcess {
  readonly pid: number
  readonly lines: readonly string[]
  /** What it wrote to its error stream, for failures. */
  readonly errors: () => string
  /** Resolves when it said `line`, after what was waited for before; rejects when it ended without. */
  said(line: string): Promise<void>
  /** Resolves when it ended by itself, in order; rejects otherwise. */
  ended(): Promise<void>
  /** SIGKILL, and everything it said before is in `lines`. */
  kill(): Promise<void>
}

/** `under` is a command that runs it, such as a tracer. */
export function startWriter(folder: string, job: string, under: string[] = []): WriterProcess {
  const script = fileURLToPath(new URL('./writer.ts', import.meta.url))
  const node = [
    '--conditions=source',
    `--import=${import.meta.resolve('tsx')}`,
    script,
    folder,
    job,
  ]
  const [command = process.execPath, ...rest] = [...under, process.execPath, ...node]
  const child: ChildProcess = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  /** Where the next `said` begins to look: after the line that the last one found. */
  let heard = 0
  let errors = ''
  let hasEnded = false
  const notice = (): void => {
    for (const look of waiting) look()
  }
  child.stderr?.on('data', (text: Buffer) => {
    errors += text.toString()
  })
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line)
      notice()
    })
  }
  const ended = once(child, 'close').then(() => {
    hasEnded = true
    notice()
  })
  return {
    pid: must(child.pid, 'the writer started'),
    lines,
    errors: () => errors,
    said: (line) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.indexOf(line, heard)
          if (found < 0 && !hasEnded) return
          waiting.delete(look)
          if (found >= 0) heard = found + 1
          if (found >= 0) resolve()
          else reject(new Error(`the writer ended without "${line}": ${errors}`))
        }
        waiting.add(look)
        look()
      }),
    ended: async () => {
      await ended
      if (child.exitCode !== 0) throw new Error(`the writer failed: ${errors}`)
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** The highest number that each document was confirmed to have. */
export function confirmedBy(lines: readonly string[]): Map<string, number> {
  const heads = new Map<string, number>()
  for (const line of lines) {
    const [, name, head] = /^([abc]) (\d+)$/.exec(line) ?? []
    if (name !== undefined) heads.set(name, Math.max(heads.get(name) ?? 0, Number(head)))
  }
  return heads
}
