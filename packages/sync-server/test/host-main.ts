/** A sync server in a process of its own, for `host-process.ts`: answers questions about what it costs. */
import { startHost } from './harness.ts'
import type { HostAnswer, HostQuestion } from './host-process.ts'

const host = await startHost(JSON.parse(process.argv[2] ?? '{}'))
const answer = (message: HostAnswer) => process.send?.(message)

process.on('message', (question: HostQuestion) => {
  const { user, system } = process.cpuUsage()
  const stats = host.sync.stats()
  if (question === 'collect') (globalThis as { gc?: () => void }).gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  const liveBytes = heapUsed + external
  answer({ cpuMs: (user + system) / 1_000, rssBytes: rss, liveBytes, stats })
})
process.on('disconnect', () => process.exit(0))
process.send?.({ url: host.url })
