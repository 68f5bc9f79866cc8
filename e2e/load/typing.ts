/**
 * How long does a key take until it is on screen, in a large document in which two others type?
 *
 * A real Chromium shows a document of 5,000 blocks from the real server. Two remote people (plain
 * clients of the provider, in this process) type all the time, one of them in sight. Keys are pressed
 * through the DevTools protocol, so they come in by the way a keyboard's do.
 *
 * What is measured, inside the page: from the `timeStamp` of the trusted `keydown`, which the browser
 * sets before the page's thread is asked (waiting behind other work counts), until the first task
 * after the frame that follows: `requestAnimationFrame`, in it a message to oneself, whose task runs
 * when style, layout and paint of that frame are done.
 *
 * A bare text field in the same browser is measured the same way and stands beside it: what browser,
 * frame clock and method cost by themselves.
 */
import { writeFileSync } from 'node:fs'
import { type Browser, type CDPSession, chromium, type Page } from '@playwright/test'
import { contentOf } from '@quire/document'
import { createSeededRandom, until } from '@quire/testkit'
import * as Y from 'yjs'
import { chromiumLaunch } from '../playwright.config.ts'
import type {} from '../browser/page-window.ts'
import { type Client, openClient } from '../sim/client.ts'
import { makeDataFolder, removeDataFolder } from '../sim/data-folder.ts'
import { startServerProcess } from '../sim/server-process.ts'
import { fillDocument } from './large-document.ts'
import { type CaseResult, median, percentile, rounded } from './results.ts'

/** The magnitudes of this case. */
const magnitudes = {
  blockCount: 5_000,
  /** About 500,000 characters in all. */
  blockCharsMean: 100,
  remoteTypistCount: 2,
  remoteKeysPerSecondEach: 5,
  keyCount: 300,
  /** Keys before the first that counts: code gets warm, fonts are loaded. */
  warmUpKeyCount: 40,
  /** A fast typist: 100 words a minute are 8 keys a second. */
  keyEveryMs: 120,
  roundCount: 3,
  goalP95MsMax: 16,
} as const

interface Round {
  readonly page: 'document' | 'text field'
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly maxMs: number
  readonly keyMs: readonly number[]
  /** Edits of others that the page took in during the round. */
  readonly remoteUpdateCount: number
}

export async function runTyping(): Promise<CaseResult> {
  const data = makeDataFolder()
  const server = await startServerProcess({ data })
  const typists: Client[] = []
  try {
    const documentId = await createDocument(server.url)
    for (let i = 0; i < magnitudes.remoteTypistCount; i++) {
      typists.push(openClient({ syncUrl: server.syncUrl, document: documentId }))
    }
    const [builder] = typists
    if (builder === undefined) throw new Error('nobody types')
    await until('synced', () => builder.provider.synced, 30_000)
    const charCount = fillDocument(builder.doc, magnitudes.blockCount, magnitudes.blockCharsMean)
    for (const typist of typists) await typist.saved()
    const url = `${server.url}/d/${documentId}`
    const rounds: Round[] = []
    const browser = await chromium.launch(chromiumLaunch())
    try {
      for (let i = 0; i < magnitudes.roundCount; i++) {
        rounds.push(await measureDocument(browser, url, typists))
        report(rounds.at(-1))
        rounds.push(await measureTextField(browser))
        report(rounds.at(-1))
      }
    } finally {
      await browser.close()
    }
    const judged = rounds.filter((round) => round.page === 'document')
    const p95 = rounded(median(judged.map((round) => round.p95Ms)))
    return {
      name: 'typing',
      question: `Time from a key to the painted frame in a document of ${magnitudes.blockCount} blocks (${charCount} characters) in Chromium, while ${magnitudes.remoteTypistCount} others type ${magnitudes.remoteKeysPerSecondEach} keys a second each.`,
      method: [
        'From the timeStamp of the trusted keydown event (set by the browser process, so waiting behind other work counts) to the first task after the next frame (requestAnimationFrame, in it a MessageChannel message). The text field shows what browser, frame clock and method cost by themselves.',
        `${magnitudes.keyCount} keys, one every ${magnitudes.keyEveryMs} ms, in the middle of the document, through Input.dispatchKeyEvent; ${magnitudes.roundCount} rounds, medians of the rounds' percentiles.`,
        'The server is a process of its own; the remote typists are provider clients in the generator. One of them types in the paragraph below, in sight; the other far away.',
      ],
      rows: [rowOf('document', rounds), rowOf('text field', rounds)],
      goal: `p95 ≤ ${magnitudes.goalP95MsMax} ms`,
      isMet: p95 <= magnitudes.goalP95MsMax,
      measured: `p95 ${p95} ms`,
      notes: [],
      rounds,
    }
  } finally {
    for (const typist of typists) await typist.close()
    await server.stop('SIGTERM')
    removeDataFolder(data)
  }
}

/** The name under which a runner may look for it. */
export const run: () => Promise<CaseResult> = runTyping

function report(round: Round | undefined): void {
  if (round === undefined) return
  process.stdout.write(
    `  ${round.page}: p50 ${round.p50Ms}, p95 ${round.p95Ms}, p99 ${round.p99Ms} ms\n`,
  )
}

function rowOf(page: Round['page'], rounds: readonly Round[]) {
  const chosen = rounds.filter((round) => round.page === page)
  const of = (column: 'p50Ms' | 'p95Ms' | 'p99Ms' | 'maxMs'): number =>
    rounded(median(chosen.map((round) => round[column])))
  return { page, p50Ms: of('p50Ms'), p95Ms: of('p95Ms'), p99Ms: of('p99Ms'), maxMs: of('maxMs') }
}

async function createDocument(url: string): Promise<string> {
  const response = await fetch(`${url}/api/documents`, { method: 'POST' })
  if (response.status !== 201) throw new Error(`no document: ${response.status}`)
  return ((await response.json()) as { id: string }).id
}

async function measureDocument(
  browser: Browser,
  url: string,
  typists: readonly Client[],
): Promise<Round> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  try {
    await page.goto(url)
    await page.waitForFunction(() => window.quire?.provider.status.kind === 'saved', undefined, {
      timeout: 120_000,
    })
    const middle = Math.floor(magnitudes.blockCount / 2)
    await caretIntoBlock(page, middle)
    const stop = typists.map((typist, index) =>
      typeRemotely(typist, index === 0 ? middle + 1 : 40, index),
    )
    await installProbe(page)
    await page.evaluate(() => {
      const counts = { remote: 0 }
      Object.assign(window, { remoteCounts: counts })
      window.quire?.doc.on('update', (_update: Uint8Array, origin: unknown) => {
        if (origin !== null && typeof origin === 'object' && 'wsconnected' in origin) {
          counts.remote += 1
        }
      })
    })
    const saveProfile = await startProfile(page)
    const keyMs = await pressKeys(page)
    await saveProfile()
    for (const end of stop) end()
    const remoteUpdateCount = await page.evaluate(
      () => (window as unknown as { remoteCounts: { remote: number } }).remoteCounts.remote,
    )
    return roundOf('document', keyMs, remoteUpdateCount)
  } finally {
    await context.close()
  }
}

/** Records where the page's time goes into the file that `QUIRE_PROFILE` names, if it does; DevTools opens it. It costs time itself: such a run measures nothing. */
async function startProfile(page: Page): Promise<() => Promise<void>> {
  const file = process.env['QUIRE_PROFILE']
  if (file === undefined) return async () => undefined
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Profiler.enable')
  await cdp.send('Profiler.setSamplingInterval', { interval: 200 })
  await cdp.send('Profiler.start')
  return async () => {
    const { profile } = await cdp.send('Profiler.stop')
    writeFileSync(file, JSON.stringify(profile))
  }
}

async function measureTextField(browser: Browser): Promise<Round> {
  const page = await browser.newPage()
  try {
    await page.setContent('<textarea rows="20" cols="80"></textarea>')
    await page.locator('textarea').focus()
    await installProbe(page)
    return roundOf('text field', await pressKeys(page), 0)
  } finally {
    await page.close()
  }
}

function roundOf(page: Round['page'], keyMs: readonly number[], remoteUpdateCount: number): Round {
  return {
    page,
    p50Ms: rounded(percentile(keyMs, 0.5)),
    p95Ms: rounded(percentile(keyMs, 0.95)),
    p99Ms: rounded(percentile(keyMs, 0.99)),
    maxMs: rounded(Math.max(...keyMs)),
    keyMs: keyMs.map((ms) => rounded(ms)),
    remoteUpdateCount,
  }
}

async function caretIntoBlock(page: Page, index: number): Promise<void> {
  await page.evaluate((blockIndex) => {
    const view = window.quire?.editor.view
    if (view === undefined) throw new Error('no editor')
    const { doc } = view.state
    let pos = 0
    for (let i = 0; i < blockIndex; i++) pos += doc.child(i).nodeSize
    const at = pos + 1 + Math.floor(doc.child(blockIndex).content.size / 2)
    const { selection: before } = view.state
    const Selection = Object.getPrototypeOf(before.constructor) as {
      fromJSON(doc: unknown, json: unknown): typeof before
    }
    view.focus()
    const selection = Selection.fromJSON(doc, { type: 'text', anchor: at, head: at })
    view.dispatch(view.state.tr.setSelection(selection).scrollIntoView())
  }, index)
}

async function installProbe(page: Page): Promise<void> {
  await page.evaluate(() => {
    const keyMs: number[] = []
    Object.assign(window, { keyMs })
    addEventListener(
      'keydown',
      (event) => {
        const startMs = event.timeStamp
        requestAnimationFrame(() => {
          const channel = new MessageChannel()
          channel.port1.onmessage = () => keyMs.push(performance.now() - startMs)
          channel.port2.postMessage(undefined)
        })
      },
      { capture: true },
    )
  })
}

/** Presses the keys in their rhythm; answers with the time of each that counts. */
async function pressKeys(page: Page): Promise<readonly number[]> {
  const cdp: CDPSession = await page.context().newCDPSession(page)
  const text = 'a light wind from the west '
  const total = magnitudes.warmUpKeyCount + magnitudes.keyCount
  const startMs = performance.now()
  for (let i = 0; i < total; i++) {
    const dueMs = startMs + i * magnitudes.keyEveryMs
    await waitUntil(dueMs)
    const key = text.charAt(i % text.length)
    const code = key === ' ' ? 'Space' : `Key${key.toUpperCase()}`
    const windowsVirtualKeyCode = key.toUpperCase().charCodeAt(0)
    const common = { key, code, windowsVirtualKeyCode }
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyDown', text: key, ...common })
    await cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...common })
  }
  await page.waitForFunction(
    (count) => (window as unknown as { keyMs: number[] }).keyMs.length >= count,
    total,
  )
  const all = await page.evaluate(() => (window as unknown as { keyMs: number[] }).keyMs)
  return all.slice(magnitudes.warmUpKeyCount)
}

function waitUntil(dueMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs - performance.now())))
}

/** One remote person who types into a block until the returned function is called. */
function typeRemotely(typist: Client, blockIndex: number, seed: number): () => void {
  const random = createSeededRandom(seed)
  let timer: ReturnType<typeof setTimeout> | undefined
  const key = (): void => {
    const block = contentOf(typist.doc).get(blockIndex)
    const text = block instanceof Y.XmlElement ? block.get(0) : undefined
    if (text instanceof Y.XmlText)
      text.insert(text.length, 'etaoin shrdlu'.charAt(Math.floor(random.unit() * 13)))
    timer = setTimeout(key, (1000 / magnitudes.remoteKeysPerSecondEach) * (0.5 + random.unit()))
  }
  key()
  return () => clearTimeout(timer)
}
