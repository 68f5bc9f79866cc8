/**
 * What operators and their machines ask: is it alive, may it get traffic, what is it doing.
 *
 * `/healthz` the process answers · `/readyz` it takes new clients; a failing disk is named but is no
 * reason to send people away, who can go on writing together · `/metrics` numbers in Prometheus' text form.
 */
import { Hono } from 'hono'
import type { AppOptions } from './app.ts'

type Stats = ReturnType<AppOptions['syncServer']['stats']>

export function healthRoutes({ isAccepting, syncServer, workers }: AppOptions): Hono {
  const routes = new Hono()
  const noStore = { 'cache-control': 'no-store' }

  routes.get('/healthz', (c) => c.json({ status: 'ok' }, 200, noStore))
  routes.get('/readyz', (c) => {
    const isReady = isAccepting()
    const body = {
      status: isReady ? 'ready' : 'stopping',
      storage: syncServer.stats().storage.state,
    }
    return c.json(body, isReady ? 200 : 503, noStore)
  })
  routes.get('/metrics', (c) =>
    c.text(metricsText(syncServer.stats(), workers.quarantined().length), 200, noStore),
  )
  return routes
}

/** Gauges are as of now, names that end in `_total` only grow. */
function metricsText(stats: Stats, quarantinedDocuments: number): string {
  const { counters } = stats
  const lines: string[] = []
  const add = (name: string, value: number, labels = ''): void => {
    lines.push(`quire_${name}${labels} ${value}`)
  }
  add('rooms', stats.rooms)
  add('connections', stats.connections)
  add('sessions', stats.sessions)
  add('behind_sessions', stats.behindSessions)
  add('unsaved_bytes', stats.unsavedBytes)
  add('unsaved_updates', stats.unsavedUpdates)
  add('held_updates', stats.heldUpdates)
  add('document_bytes', stats.documentBytes)
  add('storage_failing', stats.storage.state === 'ok' ? 0 : 1)
  add('quarantined_documents', quarantinedDocuments)
  add('frames_in_total', counters.framesIn)
  add('updates_taken_total', counters.updatesTaken)
  add('updates_duplicate_total', counters.updatesDuplicate)
  add('updates_refused_total', counters.updatesRefused)
  add('updates_held_total', counters.updatesHeld)
  add('compactions_total', counters.compactions)
  add('compaction_failures_total', counters.compactionFailures)
  add('loads_total', counters.loads)
  add('load_failures_total', counters.loadFailures)
  add('origins_refused_total', counters.originsRefused)
  for (const [reason, count] of Object.entries(counters.closed)) {
    add('sessions_closed_total', count, `{reason="${reason}"}`)
  }
  return `${lines.join('\n')}\n`
}
