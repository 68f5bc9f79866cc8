/**
 * How long does a reader wait for a long document: from the address to the painted words, in a real
 * Chromium, everything of the page on. Beside it, in the same run and in alternating order, editors of
 * others over the same server, with the same text.
 *
 * Twice each: the first visit of a browser, which has nothing of it, and a later one, which has the
 * files of the page in its cache (and with Quire the document on the device).
 */
import { type Browser, chromium, type Page } from '@playwright/test'
import { chromiumLaunch } from '../../playwright.config.ts'
import { makeDataFolder, removeDataFolder } from '../../sim/data-folder.ts'
import { type ServerProcess, startServerProcess } from '../../sim/server-process.ts'
import { isQuick } from '../config.ts'
import { type CaseResult, median, rounded } from '../results.ts'
import { newDocument } from '../typing/documents.ts'
import { type EditorUnderTest, editors } from '../typing/editors.ts'
import { arePeersInstalled, type PeerPages, servePeerPages } from '../typing/peer-pages.ts'
import { startProfile } from '../typing/profile.ts'
import { openTypist } from '../typing/typists.ts'

const blockCount = isQuick ? 500 : 5_000
/** About 500,000 characters in all. */
const blockCharsMean = 100
const roundCount = isQuick ? 1 : 5
const paintedMsMax = 1_000
/** Nobody waits longer for a document. */
const openMsMax = 60_000

interface Round {
  readonly page: EditorUnderTest['name']
  readonly visit: 'first' | 'later'
  /** From the start of the navigation to the first task after the frame that shows words of the document. */
  readonly paintedMs: number
  /** Until the page has all of the document, and says so. */
  readonly completeMs: number
}

interface Probe {
  paintedMs: number | undefined
}

interface Document {
  readonly editor: EditorUnderTest
  readonly url: string
}

export async function runOpening(): Promise<CaseResult> {
  const notes: string[] = []
  const wanted = process.env['QUIRE_BENCH_SUBJECTS']?.split(',')
  const hasPeers = arePeersInstalled()
  if (!hasPeers) notes.push('The peers are not installed: Quire ran alone.')
  const chosen = editors.filter(
    ({ name, isPeer }) => (hasPeers || !isPeer) && (wanted?.includes(name) ?? true),
  )
  const pages = chosen.some(({ isPeer }) => isPeer) ? await servePeerPages() : undefined
  const data = makeDataFolder()
  const env = pages === undefined ? {} : { QUIRE_ORIGINS: pages.origin }
  const server = await startServerProcess({ data, env })
  const rounds: Round[] = []
  try {
    const documents: Document[] = []
    for (const editor of chosen) documents.push(await makeDocument(editor, server, pages))
    const browser = await chromium.launch(chromiumLaunch())
    try {
      for (let i = 0; i < roundCount; i++) {
        for (const document of i % 2 === 0 ? documents : documents.toReversed()) {
          for (const round of await visitTwice(browser, document)) {
            rounds.push(round)
            process.stdout.write(
              `  ${round.page}, ${round.visit} visit: painted ${round.paintedMs}, complete ${round.completeMs} ms\n`,
            )
          }
        }
      }
    } finally {
      await browser.close()
    }
  } finally {
    await server.stop('SIGTERM')
    removeDataFolder(data)
    pages?.close()
  }
  const paintedMs = medianOf(rounds, 'quire', 'first', 'paintedMs')
  return {
    name: 'opening',
    question: `Time until a document of ${blockCount} blocks (about ${blockCount * blockCharsMean} characters) shows its words in Chromium.`,
    method: [
      'From the start of the navigation (performance.timeOrigin) to the first task after the frame in which words of the document are shown (requestAnimationFrame, in it a MessageChannel message), in the page; complete: the page has everything and says so, as far as it can tell.',
      `A first visit is that of a new browser profile, a later one that of the same profile after it; ${roundCount} rounds, medians. Server and browser on one machine, so the network costs nothing.`,
      'Quire is its own page with everything in it: toolbar, copy in IndexedDB, status, presence. Tiptap is its starter kit and collaboration extension, BlockNote its core with collaboration, both without toolbars, menus and copies on the device, over y-websocket and the same server.',
    ],
    rows: chosen.flatMap(({ name }) =>
      (['first', 'later'] as const).map((visit) => ({
        page: name,
        visit,
        paintedMs: medianOf(rounds, name, visit, 'paintedMs'),
        completeMs: medianOf(rounds, name, visit, 'completeMs'),
      })),
    ),
    goal: `Quire, first visit: ≤ ${paintedMsMax} ms until painted`,
    measured: `${paintedMs} ms`,
    isMet: paintedMs <= paintedMsMax,
    notes,
    rounds,
  }
}

async function makeDocument(
  editor: EditorUnderTest,
  server: ServerProcess,
  pages: PeerPages | undefined,
): Promise<Document> {
  const { id, url } = await newDocument(editor, server, pages, 'opening')
  const writer = openTypist('quire', server.syncUrl, id)
  try {
    await writer.synced()
    editor.fill(writer.doc, blockCount, blockCharsMean)
    await writer.synced()
  } finally {
    await writer.close()
  }
  return { editor, url }
}

async function visitTwice(browser: Browser, { editor, url }: Document): Promise<Round[]> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    // The loader of these sources has functions say their names by a call that no page knows.
    await context.addInitScript('globalThis.__name = (target) => target')
    await context.addInitScript(watchForWords)
    const rounds: Round[] = []
    for (const visit of ['first', 'later'] as const) {
      const page = await context.newPage()
      const saveProfile = await startProfile(page)
      rounds.push({ page: editor.name, visit, ...(await open(page, editor, url)) })
      await saveProfile()
      await page.close()
    }
    return rounds
  } finally {
    await context.close()
  }
}

async function open(
  page: Page,
  editor: EditorUnderTest,
  url: string,
): Promise<Pick<Round, 'paintedMs' | 'completeMs'>> {
  await page.goto(url, { waitUntil: 'commit' })
  await editor.whenShown(page, openMsMax)
  const completeMs = await page.evaluate(() => performance.now())
  const painted = await page.waitForFunction(
    () => (window as unknown as { opening: Probe }).opening.paintedMs,
    undefined,
    { timeout: openMsMax },
  )
  return {
    paintedMs: rounded((await painted.jsonValue()) ?? Number.NaN, 0),
    completeMs: rounded(completeMs, 0),
  }
}

/** Runs in the page before anything of it. */
function watchForWords(): void {
  const probe: Probe = { paintedMs: undefined }
  Object.assign(window, { opening: probe })
  const isShown = (): boolean => {
    const paper = document.querySelector('.ProseMirror')
    if (paper === null) return false
    const texts = document.createTreeWalker(paper, NodeFilter.SHOW_TEXT)
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      if ((node.nodeValue ?? '').trim() !== '') return true
    }
    return false
  }
  const look = (): void => {
    if (!isShown()) {
      requestAnimationFrame(look)
      return
    }
    // Shown in this frame; the message's task runs when it has been painted.
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      probe.paintedMs = performance.now()
    })
    port1.start()
    port2.postMessage(undefined)
  }
  requestAnimationFrame(look)
}

function medianOf(
  rounds: readonly Round[],
  page: Round['page'],
  visit: Round['visit'],
  column: 'paintedMs' | 'completeMs',
): number {
  const chosen = rounds.filter((round) => round.page === page && round.visit === visit)
  return rounded(median(chosen.map((round) => round[column])), 0)
}
