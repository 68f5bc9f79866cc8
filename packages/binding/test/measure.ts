/**
 * What an edit costs by the size of the document, in jsdom (no layout, no paint): a table on stdout.
 *
 *     node --conditions=source --import tsx packages/binding/test/measure.ts [blocks…]
 *
 * Is not a test: milliseconds belong to the machine. The bench of the whole editor is `npm run bench`.
 */
import { JSDOM } from 'jsdom'

const page = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true })
for (const name of ['document', 'navigator', 'Node', 'HTMLElement', 'MutationObserver', 'Range']) {
  Object.defineProperty(globalThis, name, {
    value: (page.window as unknown as Record<string, unknown>)[name],
    configurable: true,
  })
}
Object.defineProperty(globalThis, 'window', { value: page.window, configurable: true })

const { schema } = await import('@quire/document')
const { bytesOf, makePeers, placeOf } = await import('./peers.ts')
const { splitBlock } = await import('prosemirror-commands')

const line =
  'Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt ut labore.'

const medianOf = (times: readonly number[]) =>
  [...times].sort((a, b) => a - b)[times.length >> 1] ?? 0
const p95Of = (times: readonly number[]) =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? 0
const shown = (times: readonly number[]) =>
  `${medianOf(times).toFixed(2)} / ${p95Of(times).toFixed(2)}`

function timed(task: () => void): number {
  const start = performance.now()
  task()
  return performance.now() - start
}

const sizes = process.argv.slice(2).map(Number)
const rows: Record<string, string>[] = []
for (const blocks of sizes.length > 0 ? sizes : [100, 5_000, 20_000]) {
  const text = (i: number) => schema.text(i === Math.floor(blocks * 0.6) ? `${line} here` : line)
  const content = schema.node(
    'doc',
    null,
    Array.from({ length: blocks }, (_, i) => schema.node('block', null, text(i))),
  )
  const bytes = bytesOf(content)
  const open: number[] = []
  const peers: ReturnType<typeof makePeers> = []
  open.push(timed(() => peers.push(...makePeers(2, bytes))))
  const [a, b] = peers
  if (!a || !b) throw new Error('two peers were made')
  const at = placeOf(a.content, ' here')
  a.select(at)
  b.select(placeOf(b.content, 'Lorem'))
  const local: number[] = []
  const remote: number[] = []
  const caret: number[] = []
  for (let i = 0; i < 80; i++) {
    local.push(timed(() => a.edit((tr) => tr.insertText('x', at + i))))
    remote.push(timed(() => b.deliver()))
    caret.push(timed(() => a.select(at + (i % 5))))
  }
  const enter: number[] = []
  const remoteEnter: number[] = []
  for (let i = 0; i < 20; i++) {
    enter.push(timed(() => a.run(splitBlock)))
    remoteEnter.push(timed(() => b.deliver()))
  }
  // ProseMirror keeps a document for each of its steps, one a block: from some size on that is all of the memory.
  const isMarkable = blocks <= 5_000
  const boldAll = !isMarkable
    ? 0
    : timed(() => a.edit((tr) => tr.addMark(0, tr.doc.content.size, schema.mark('bold'))))
  const remoteBoldAll = timed(() => {
    while (b.inbox.length > 0) b.deliver()
  })
  rows.push({
    blocks: String(blocks),
    'open two': `${open[0]?.toFixed(0)}`,
    'local key': shown(local),
    'remote key': shown(remote),
    'caret move': shown(caret),
    enter: shown(enter),
    'remote enter': shown(remoteEnter),
    'bold all': isMarkable ? boldAll.toFixed(0) : '-',
    'remote bold all': isMarkable ? remoteBoldAll.toFixed(0) : '-',
  })
  for (const peer of peers) peer.close()
}
process.stdout.write('ms, median / p95\n')
const head = Object.keys(rows[0] ?? {})
for (const row of [head, ...rows.map((one) => head.map((name) => one[name] ?? ''))]) {
  process.stdout.write(`${row.map((word) => word.padEnd(16)).join('')}\n`)
}
process.exit(0)
