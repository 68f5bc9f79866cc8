/**
 * What an edit costs the page's thread in the binding and the view, by the size of the document: a key
 * of one's own, a colleague's, one under a thousand comments; beside y-prosemirror as it comes, in the
 * same run, and what ProseMirror alone takes. And, in Chromium, what the caret of one of 200 colleagues
 * costs, and a change of everything.
 *
 * Keys are measured in jsdom, so without layout and paint: those are in `typing`.
 */
import '../page-globals.ts'
import type { Node } from 'prosemirror-model'
import { EditorState, Plugin } from 'prosemirror-state'
import { Decoration, DecorationSet, EditorView } from 'prosemirror-view'
import { isQuick } from '../config.ts'
import type { CaseResult, GoalResult, Row } from '../results.ts'
import { median, percentile, rounded } from '../results.ts'
import { boundGoal } from '../rounds.ts'
import { measureCarets } from './carets.ts'
import { measureEverything } from './everything.ts'

const { schema } = await import('@quire/document')
const { bytesOf, makePeers, placeOf } = await import('@quire/binding/test/peers')
const { tableEditing } = await import('prosemirror-tables')
type Peer = import('@quire/binding/test/peers').Peer

const blockCounts = isQuick ? [100, 1_000] : [100, 20_000]
const [smallCount = 0, largeCount = 0] = blockCounts
const roundCount = isQuick ? 1 : 3
const keyCount = isQuick ? 20 : 80
/** Keys before the first that counts: code gets warm. */
const warmUpKeyCount = 20
const commentCount = 1_000
const goals = { localMsMax: 4, remoteRatioMax: 2, caretMsMax: 1 }

const line =
  'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore.'

const subjects = ['quire', 'y-prosemirror'] as const
type Subject = (typeof subjects)[number]

/** Draws comments once, spread over the document, and from then on only maps them. */
const commentsPlugin: Plugin<DecorationSet> = new Plugin<DecorationSet>({
  state: {
    init(_config, { doc }) {
      const every = Math.max(1, Math.floor(doc.childCount / commentCount))
      const found: Decoration[] = []
      doc.forEach((_block, pos, index) => {
        if (index % every !== 0 || found.length === commentCount) return
        found.push(Decoration.inline(pos + 1, pos + 6, { class: 'comment' }))
      })
      return DecorationSet.create(doc, found)
    },
    apply: (tr, comments) => comments.map(tr.mapping, tr.doc),
  },
  props: { decorations: (state) => commentsPlugin.getState(state) },
})

interface Round {
  readonly subject: Subject
  readonly blocks: number
  readonly localMs: readonly number[]
  readonly remoteMs: readonly number[]
  readonly remoteUnderCommentsMs: readonly number[]
  /** Comments that are still shown in the end. */
  readonly commentsKept: number
}

export async function runBinding(): Promise<CaseResult> {
  const rounds: Round[] = []
  for (let i = 0; i < roundCount; i++) {
    for (const blocks of blockCounts) {
      for (const subject of i % 2 === 0 ? subjects : subjects.toReversed()) {
        const round = measureKeys(subject, blocks)
        rounds.push(round)
        const words = [round.localMs, round.remoteMs, round.remoteUnderCommentsMs]
          .map((times) => rounded(median(times)))
          .join(' / ')
        process.stdout.write(`  round ${i + 1} ${subject}, ${blocks} blocks: ${words} ms\n`)
      }
    }
  }
  const bareMs = blockCounts.map((blocks) => measureBare(blocks))
  const carets = await measureCarets()
  const everything = await measureEverything()
  const of = (subject: Subject, blocks: number, column: Column, share = 0.5): number =>
    median(
      rounds
        .filter((round) => round.subject === subject && round.blocks === blocks)
        .map((round) => percentile(round[column], share)),
    )
  const keptOf = (subject: Subject): number =>
    Math.min(
      ...rounds
        .filter((round) => round.subject === subject && round.blocks === largeCount)
        .map(({ commentsKept }) => commentsKept),
    )
  return {
    name: 'binding',
    question: `What a key costs in the binding and the view, own and a colleague's, in documents of ${smallCount} and ${largeCount} blocks; and what the caret of one of ${carets.peopleCount} colleagues costs.`,
    goals: [
      ratioGoal(
        'remote key',
        of('quire', largeCount, 'remoteMs'),
        of('quire', smallCount, 'remoteMs'),
      ),
      boundGoal(
        `own key at ${largeCount} blocks`,
        of('quire', largeCount, 'localMs'),
        goals.localMsMax,
        'ms',
      ),
      {
        goal: `all ${commentCount} mapped, none made anew`,
        measured: `comments kept through a colleague's ${keyCount} keys: ${keptOf('quire')} (y-prosemirror: ${keptOf('y-prosemirror')})`,
        isMet: keptOf('quire') === commentCount,
      },
      boundGoal(
        `presence update, each of those in a frame when all ${carets.peopleCount} move`,
        carets.eachOfManyMs,
        goals.caretMsMax,
        'ms',
      ),
      boundGoal('presence update, alone in its frame', carets.oneMs, goals.caretMsMax, 'ms'),
    ],
    rows: subjects.flatMap((subject) =>
      blockCounts.map(
        (blocks): Row => ({
          subject,
          blocks,
          'own key, ms': rounded(of(subject, blocks, 'localMs')),
          'own key p95, ms': rounded(of(subject, blocks, 'localMs', 0.95)),
          "colleague's key, ms": rounded(of(subject, blocks, 'remoteMs')),
          "colleague's key p95, ms": rounded(of(subject, blocks, 'remoteMs', 0.95)),
          'with 1,000 comments, ms': rounded(of(subject, blocks, 'remoteUnderCommentsMs')),
        }),
      ),
    ),
    method: [
      `Keys: two peers in one process (Node, jsdom: no layout, no paint), each with a Y.Doc, the binding and a ProseMirror view over the schema of Quire; ${keyCount} letters in the middle of a block at 60 % of the document, each sent to the other at once. Own key: from the dispatch until the shared document has it. Colleague's key: from the update until the view shows it. Medians of ${roundCount} rounds' percentiles, in alternating order.`,
      "`y-prosemirror`: version 1.3.7 with its sync and undo plugins and prosemirror-tables' plugin; Quire with its own form of that.",
      `Comments: ${commentCount} inline decorations spread over the document by a plugin that maps them and never makes one again.`,
      carets.method,
      everything.method,
    ],
    notes: [
      `ProseMirror alone, with no plugin and nothing shared, takes ${blockCounts.map((blocks, i) => `${rounded(bareMs[i] ?? 0)} ms to make and show a letter in ${blocks} blocks`).join(', ')}.`,
      ...carets.notes,
      ...everything.notes,
    ],
    rounds: [...rounds, { bareMs }, carets, everything],
  }
}

type Column = 'localMs' | 'remoteMs' | 'remoteUnderCommentsMs'

function ratioGoal(what: string, large: number, small: number): GoalResult {
  const ratio = large / small
  return {
    goal: `≤ ${goals.remoteRatioMax}×`,
    measured: `${what}: ${rounded(ratio)}× that in ${smallCount} blocks in one of ${largeCount} (${rounded(large)} and ${rounded(small)} ms)`,
    isMet: ratio <= goals.remoteRatioMax,
  }
}

function measureKeys(subject: Subject, blocks: number): Round {
  const bare = measurePair(subject, blocks, [])
  const commented = measurePair(subject, blocks, [commentsPlugin])
  return {
    subject,
    blocks,
    localMs: bare.localMs,
    remoteMs: bare.remoteMs,
    remoteUnderCommentsMs: commented.remoteMs,
    commentsKept: commented.commentsKept,
  }
}

interface Pair {
  readonly localMs: readonly number[]
  readonly remoteMs: readonly number[]
  readonly commentsKept: number
}

function contentOf(blocks: number): Node {
  const target = Math.floor(blocks * 0.6)
  return schema.node(
    'doc',
    null,
    Array.from({ length: blocks }, (_, i) =>
      schema.node('block', null, schema.text(i === target ? `${line} here` : line)),
    ),
  )
}

/** The median of a letter in a view without plugins. */
function measureBare(blocks: number): number {
  const doc = contentOf(blocks)
  const place = document.body.appendChild(document.createElement('div'))
  const view = new EditorView(place, { state: EditorState.create({ doc }) })
  const at = placeOf(doc, ' here')
  const times = Array.from({ length: warmUpKeyCount + keyCount }, () =>
    timed(() => view.dispatch(view.state.tr.insertText('x', at))),
  )
  view.destroy()
  place.remove()
  return median(times.slice(warmUpKeyCount))
}

function measurePair(subject: Subject, blocks: number, plugins: readonly Plugin[]): Pair {
  const content = contentOf(blocks)
  const isPlain = subject === 'y-prosemirror'
  const peers = makePeers(2, bytesOf(content), {
    stock: () => isPlain,
    plugins: isPlain ? [tableEditing(), ...plugins] : plugins,
  })
  const [a, b] = peers as [Peer, Peer]
  const at = placeOf(a.content, ' here')
  a.select(at)
  b.select(placeOf(b.content, 'Lorem'))
  const localMs: number[] = []
  const remoteMs: number[] = []
  for (let i = -warmUpKeyCount; i < keyCount; i++) {
    const own = timed(() => a.edit((tr) => tr.insertText('x', at)))
    const remote = timed(() => b.deliver())
    if (i < 0) continue
    localMs.push(own)
    remoteMs.push(remote)
  }
  const commentsKept = commentsPlugin.getState(b.view.state)?.find().length ?? 0
  for (const peer of peers) peer.close()
  return { localMs, remoteMs, commentsKept }
}

function timed(task: () => void): number {
  const startMs = performance.now()
  task()
  return performance.now() - startMs
}
