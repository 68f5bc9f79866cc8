/**
 * The servers that are compared: how each is started, and in which dialect it is spoken to. Each runs
 * in a process of its own on a folder of its own.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Target } from '../generator/commands.ts'
import { makeDataFolder, removeDataFolder } from '../../sim/data-folder.ts'
import { serverCommand } from '../../sim/server-process.ts'
import { type NodeProcess, type NodeProcessOptions, startNodeProcess } from './node-process.ts'

export type SubjectName =
  | 'quire'
  | 'quire-memory'
  | 'hocuspocus'
  | 'hocuspocus-sqlite'
  | 'y-websocket-server'
  | 'y-websocket-server-leveldb'
  | 'relay'

export interface Subject {
  readonly name: SubjectName
  /** What it is, for the page of results. */
  readonly what: string
  /** Whether it is one of `peers/`. */
  readonly isPeer: boolean
  /** A fresh server on `data`; start it again on the same folder to have it find what it stored. */
  start(data: string): Promise<RunningSubject>
}

export interface RunningSubject extends NodeProcess {
  readonly subject: Subject
  readonly target: Target
  /** Answers a GET at once when the event loop is free. */
  readonly probeUrl: string
}

interface Recipe extends Omit<Subject, 'start'> {
  readonly dialect: Target['dialect']
  readonly pathPrefix: string
  readonly probePath: string
  readonly process: (data: string) => NodeProcessOptions
}

const host = '127.0.0.1'
const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const listening = /listening (\d+)/
// Once: a source that is saved during a run must not change what the next round measures.
const [, ...quireCommand] = serverCommand()

/** Whether the server runs from its build; a run from sources also measures the compiler. */
export const isQuireBuilt: boolean = !quireCommand.includes('tsx')

const hocuspocus = (name: 'hocuspocus' | 'hocuspocus-sqlite', what: string): Recipe => ({
  name,
  what,
  isPeer: true,
  dialect: 'hocuspocus',
  pathPrefix: '/',
  probePath: '/',
  process: (data) => ({
    args: [file('../peers/peer-hocuspocus.mjs'), ...(name === 'hocuspocus' ? [] : [data])],
    listening,
  }),
})

const yWebsocketServer = (
  name: 'y-websocket-server' | 'y-websocket-server-leveldb',
  what: string,
): Recipe => ({
  name,
  what,
  isPeer: true,
  dialect: 'y-websocket',
  pathPrefix: '/',
  probePath: '/',
  process: (data) => ({
    args: [file('../peers/peer-y-websocket-server.mjs')],
    env: name === 'y-websocket-server' ? {} : { YPERSISTENCE: data },
    listening,
  }),
})

const recipes: readonly Recipe[] = [
  {
    name: 'quire',
    what: 'Quire as shipped: SQLite with synchronous=FULL; its clients ask for acknowledgements (quire.v1)',
    isPeer: false,
    dialect: 'quire',
    pathPrefix: '/sync/',
    probePath: '/healthz',
    process: (data) => ({
      args: [...quireCommand, '--port', '0', '--data', data],
      cwd: file('../../../apps/server'),
      listening: /Quire is at http:\/\/[^\s]*:(\d+)/,
    }),
  },
  {
    name: 'quire-memory',
    what: '@quire/sync-server with the memory store',
    isPeer: false,
    dialect: 'quire',
    pathPrefix: '/sync/',
    probePath: '/',
    process: () => ({
      args: [...(isQuireBuilt ? [] : quireCommand.slice(0, -1)), file('./quire-memory.mjs')],
      listening,
    }),
  },
  hocuspocus('hocuspocus', '@hocuspocus/server 4.7.0 in memory'),
  hocuspocus('hocuspocus-sqlite', '@hocuspocus/server 4.7.0 with its SQLite extension'),
  yWebsocketServer('y-websocket-server', '@y/websocket-server 0.1.1 in memory'),
  yWebsocketServer('y-websocket-server-leveldb', '@y/websocket-server 0.1.1 with y-leveldb'),
  {
    name: 'relay',
    what: '`ws`, one `send` per receiver; knows no Yjs and stores nothing',
    isPeer: false,
    dialect: 'relay',
    pathPrefix: '/',
    probePath: '/',
    process: () => ({ args: [file('./relay.mjs')], listening }),
  },
]

const subjects: readonly Subject[] = recipes.map((recipe): Subject => {
  const { name, what, isPeer, dialect, pathPrefix, probePath } = recipe
  const subject: Subject = {
    name,
    what,
    isPeer,
    async start(data) {
      const started = await startNodeProcess(recipe.process(data))
      const { port } = started
      return Object.assign(started, {
        subject,
        target: { dialect, host, port, pathPrefix },
        probeUrl: `http://${host}:${port}${probePath}`,
      })
    },
  }
  return subject
})

/** Whether the packages of `peers/` are installed. */
export function hasPeers(): boolean {
  return existsSync(file('../peers/node_modules/.installed'))
}

export interface Chosen {
  readonly subjects: readonly Subject[]
  /** Those that cannot run here, as a sentence. */
  readonly notes: readonly string[]
}

/** The named servers that can run here. `QUIRE_BENCH_SUBJECTS=quire,relay` leaves others out. */
export function chooseSubjects(names: readonly SubjectName[]): Chosen {
  const wanted = process.env['QUIRE_BENCH_SUBJECTS']?.split(',')
  const named = subjects.filter(
    ({ name }) => names.includes(name) && (wanted?.includes(name) ?? true),
  )
  const absent = hasPeers() ? [] : named.filter(({ isPeer }) => isPeer)
  return {
    subjects: named.filter((subject) => !absent.includes(subject)),
    notes:
      absent.length === 0
        ? []
        : [
            `Left out, because the packages of e2e/load/peers are not installed: ${absent.map(({ name }) => name).join(', ')}.`,
          ],
  }
}

/** Starts a server on a folder of its own, and removes both when `run` is over. */
export async function withSubject<Result>(
  subject: Subject,
  run: (running: RunningSubject) => Promise<Result>,
): Promise<Result> {
  const data = makeDataFolder()
  try {
    const running = await subject.start(data)
    try {
      return await run(running)
    } finally {
      await running.stop()
    }
  } finally {
    removeDataFolder(data)
  }
}
