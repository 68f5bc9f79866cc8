/**
 * How long does a key take until it is on screen, in a large document in which others type?
 *
 * A real Chromium shows a document from the real server. Remote people (plain clients, in this process)
 * type all the time, one of them in sight, the others far away. Beside it, in the same run and in
 * alternating order, editors of others over the same server, with the same text and the same keys.
 *
 * A bare text field in the same browser is measured the same way (`typing/key-to-paint.ts`) and stands
 * beside it: what browser, frame clock and method cost by themselves.
 */
import { type Browser, chromium } from '@playwright/test'
import { reasonOf } from '@quire/base'
import { chromiumLaunch } from '../playwright.config.ts'
import { makeDataFolder, removeDataFolder } from '../sim/data-folder.ts'
import { type ServerProcess, startServerProcess } from '../sim/server-process.ts'
import { isQuick } from './config.ts'
import { type CaseResult, type GoalResult, median, rounded } from './results.ts'
import { newDocument } from './typing/documents.ts'
import { type EditorUnderTest, editors } from './typing/editors.ts'
import { type KeyTimes, type Rhythm, timeKeys } from './typing/key-to-paint.ts'
import { arePeersInstalled, type PeerPages, servePeerPages } from './typing/peer-pages.ts'
import { startProfile } from './typing/profile.ts'
import { openTypist, typeRemotely, type Typist } from './typing/typists.ts'

/** The magnitudes of a case. */
interface Magnitudes {
  readonly name: string
  readonly blockCount: number
  readonly remoteTypistCount: number
  readonly withPeers: boolean
  readonly keyCount: number
  readonly roundCount: number
  readonly goal: { readonly p95MsMax: number; readonly p99MsMax?: number }
}

const cases = {
  two: {
    name: 'typing',
    blockCount: 5_000,
    remoteTypistCount: 2,
    withPeers: false,
    keyCount: 300,
    roundCount: 3,
    goal: { p95MsMax: 16 },
  },
  five: {
    name: 'typing-five',
    blockCount: 5_000,
    remoteTypistCount: 5,
    withPeers: true,
    keyCount: 150,
    roundCount: 3,
    goal: { p95MsMax: 16, p99MsMax: 33 },
  },
  long: {
    name: 'typing-long',
    blockCount: 20_000,
    remoteTypistCount: 5,
    withPeers: true,
    keyCount: 100,
    roundCount: 2,
    goal: { p95MsMax: 33 },
  },
} as const satisfies Record<string, Magnitudes>

/** About 500,000 characters in 5,000 blocks. */
const blockCharsMean = 100
const remoteKeysPerSecondEach = 5
const rhythm = {
  warmUpKeyCount: isQuick ? 5 : 40,
  /** A fast typist: 100 words a minute are 8 keys a second. */
  keyEveryMs: 120,
  pressMsMax: 35_000,
} as const satisfies Partial<Rhythm>
/** Nobody waits longer for a document. */
const openMsMax = 60_000
/** A bare text field on an idle machine of two cores has 4.4; above it other work is what is measured. */
const quietP95Ms = 6
/** A page in which half of the keys take longer is one that cannot keep up. */
const fellBehindMs = 500

interface Round extends KeyTimes {
  readonly page: EditorUnderTest['name'] | 'text field'
}

export const runTyping = (): Promise<CaseResult> => run(cases.two)
export const runTypingFive = (): Promise<CaseResult> => run(cases.five)
export const runTypingLong = (): Promise<CaseResult> => run(cases.long)

async function run(given: Magnitudes): Promise<CaseResult> {
  const magnitudes = isQuick ? { ...given, keyCount: 25, roundCount: 1 } : given
  const notes: string[] = []
  const wanted = process.env['QUIRE_BENCH_SUBJECTS']?.split(',')
  const hasPeers = magnitudes.withPeers && arePeersInstalled()
  if (magnitudes.withPeers && !hasPeers) notes.push('The peers are not installed: Quire ran alone.')
  const chosen = editors.filter(
    ({ name, isPeer }) => (hasPeers || !isPeer) && (wanted?.includes(name) ?? true),
  )
  const pages = hasPeers ? await servePeerPages() : undefined
  const data = makeDataFolder()
  const env = pages === undefined ? {} : { QUIRE_ORIGINS: pages.origin }
  const server = await startServerProcess({ data, env })
  const documents: Document[] = []
  const rounds: Round[] = []
  try {
    for (const editor of chosen)
      documents.push(await makeDocument(editor, server, pages, magnitudes))
    const browser = await chromium.launch(chromiumLaunch())
    try {
      for (let i = 0; i < magnitudes.roundCount; i++) {
        for (const document of i % 2 === 0 ? documents : documents.toReversed()) {
          if (document.isOut) continue
          try {
            const round = await measureDocument(browser, document, magnitudes)
            rounds.push(round)
            report(round)
            if (!document.editor.isPeer || round.p50Ms < fellBehindMs) continue
            document.isOut = true
            notes.push(
              `${document.editor.name} fell behind the keys and was measured once: keys wait for those before them.`,
            )
          } catch (error) {
            if (!document.editor.isPeer) throw error
            document.isOut = true
            notes.push(`${document.editor.name} did not get through: ${reasonOf(error)}.`)
          }
        }
        rounds.push(await measureTextField(browser, magnitudes))
        report(rounds.at(-1))
      }
    } finally {
      await browser.close()
    }
  } finally {
    for (const { typists } of documents) for (const typist of typists) await typist.close()
    await server.stop('SIGTERM')
    removeDataFolder(data)
    pages?.close()
  }
  return {
    name: magnitudes.name,
    question: `Time from a key to the painted frame in a document of ${magnitudes.blockCount} blocks (${documents[0]?.charCount} characters) in Chromium, while ${magnitudes.remoteTypistCount} others type ${remoteKeysPerSecondEach} keys a second each.`,
    method: [
      'From the timeStamp of the trusted keydown event (set by the browser process, so waiting behind other work counts) to the first task after the next frame (requestAnimationFrame, in it a MessageChannel message). The text field shows what browser, frame clock and method cost by themselves.',
      `${magnitudes.keyCount} keys, one every ${rhythm.keyEveryMs} ms, in the middle of the document, through Input.dispatchKeyEvent; ${magnitudes.roundCount} rounds, medians of the rounds' percentiles. A page that falls behind is pressed for ${rhythm.pressMsMax / 1000} s at most.`,
      'The server is a process of its own; the remote typists are clients in the generator. One of them types in the paragraph below, in sight; the others far away.',
      ...(chosen.some(({ isPeer }) => isPeer)
        ? [
            'Quire is its own page with everything in it: toolbar, copy in IndexedDB, status, presence. Tiptap is its starter kit and collaboration extension, BlockNote its core with collaboration, both without toolbars and menus, over y-websocket and the same server.',
          ]
        : []),
    ],
    rows: [...chosen.map(({ name }) => name), 'text field' as const].flatMap((page) =>
      rowOf(page, rounds),
    ),
    goals: goalsOf(magnitudes, rounds),
    notes: [...notes, ...conditionsOf(rounds)],
    rounds,
  }
}

interface Document {
  readonly editor: EditorUnderTest
  readonly url: string
  readonly typists: readonly Typist[]
  readonly charCount: number
  /** It takes no further part. */
  isOut: boolean
}

async function makeDocument(
  editor: EditorUnderTest,
  server: ServerProcess,
  pages: PeerPages | undefined,
  { blockCount, remoteTypistCount }: Magnitudes,
): Promise<Document> {
  const { id, url } = await newDocument(editor, server, pages, 'typing')
  const typists = Array.from({ length: remoteTypistCount }, () =>
    openTypist(editor.isPeer ? 'stock' : 'quire', server.syncUrl, id),
  )
  for (const typist of typists) await typist.synced()
  const [builder] = typists
  if (builder === undefined) throw new Error('nobody types')
  const charCount = editor.fill(builder.doc, blockCount, blockCharsMean)
  return { editor, url, typists, charCount, isOut: false }
}

async function measureDocument(
  browser: Browser,
  { editor, url, typists }: Document,
  { blockCount, keyCount, remoteTypistCount }: Magnitudes,
): Promise<Round> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const stops: (() => void)[] = []
  try {
    await page.goto(url)
    await editor.whenShown(page, openMsMax)
    const middle = Math.floor(blockCount / 2)
    await editor.caretInto(page, middle)
    typists.forEach(({ doc }, index) => {
      const far = 40 + (index - 1) * Math.floor(blockCount / remoteTypistCount)
      const text = (): ReturnType<EditorUnderTest['textOf']> =>
        editor.textOf(doc, index === 0 ? middle + 1 : far)
      stops.push(typeRemotely(text, { keysPerSecond: remoteKeysPerSecondEach, seed: index }))
    })
    const saveProfile = await startProfile(page)
    const times = await timeKeys(page, { ...rhythm, keyCount })
    await saveProfile()
    return { page: editor.name, ...times }
  } finally {
    for (const stop of stops) stop()
    await context.close()
  }
}

async function measureTextField(browser: Browser, { keyCount }: Magnitudes): Promise<Round> {
  const page = await browser.newPage()
  try {
    await page.setContent('<textarea rows="20" cols="80"></textarea>')
    await page.locator('textarea').focus()
    return { page: 'text field', ...(await timeKeys(page, { ...rhythm, keyCount })) }
  } finally {
    await page.close()
  }
}

function report(round: Round | undefined): void {
  if (round === undefined) return
  process.stdout.write(
    `  ${round.page}: p50 ${round.p50Ms}, p95 ${round.p95Ms}, p99 ${round.p99Ms} ms\n`,
  )
}

/** What about the machine bears on the figures. */
export function conditionsOf(rounds: readonly Round[]): readonly string[] {
  const p95Ms = medianOf('text field', rounds, 'p95Ms')
  if (p95Ms <= quietP95Ms) return []
  return [
    `The machine was busy with other work: even the text field had p95 ${p95Ms} ms, ${quietP95Ms} at most when it is quiet. Tails suffer most.`,
  ]
}

type Column = 'p50Ms' | 'p95Ms' | 'p99Ms' | 'maxMs'

function medianOf(page: Round['page'], rounds: readonly Round[], column: Column): number {
  const chosen = rounds.filter((round) => round.page === page)
  return rounded(median(chosen.map((round) => round[column])))
}

function rowOf(page: Round['page'], rounds: readonly Round[]) {
  if (rounds.every((round) => round.page !== page)) return []
  const of = (column: Column): number => medianOf(page, rounds, column)
  return [{ page, p50Ms: of('p50Ms'), p95Ms: of('p95Ms'), p99Ms: of('p99Ms'), maxMs: of('maxMs') }]
}

function goalsOf({ goal }: Magnitudes, rounds: readonly Round[]): GoalResult[] {
  const judge = (name: string, column: Column, msMax: number): GoalResult => {
    const measured = medianOf('quire', rounds, column)
    return {
      goal: `${name} ≤ ${msMax} ms`,
      measured: `${name} ${measured} ms`,
      isMet: Number.isNaN(measured) ? undefined : measured <= msMax,
    }
  }
  const p95 = judge('p95', 'p95Ms', goal.p95MsMax)
  return goal.p99MsMax === undefined ? [p95] : [p95, judge('p99', 'p99Ms', goal.p99MsMax)]
}
