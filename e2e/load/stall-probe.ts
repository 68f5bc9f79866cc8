/** Asks a server something small again and again over one connection: the longest answer is the longest time its event loop was not free. */
import { Agent, get } from 'node:http'

export interface StallProbe {
  /** The longest answer so far, in ms; the one that is still awaited counts with what it has waited. */
  stop(): number
}

/** Resolves after the first answer, so that the connection itself is not measured. */
export async function startStallProbe(url: string, everyMs: number): Promise<StallProbe> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let isOver = false
  let worstMs = 0
  let startMs = performance.now()
  const ask = (): Promise<void> =>
    new Promise((resolve, reject) => {
      get(url, { agent }, (response) => {
        response.resume()
        response.once('end', resolve)
        response.once('error', reject)
      }).once('error', reject)
    })
  await ask()
  const loop = async (): Promise<void> => {
    while (!isOver) {
      startMs = performance.now()
      await ask()
      worstMs = Math.max(worstMs, performance.now() - startMs)
      startMs = performance.now()
      await new Promise((resolve) => setTimeout(resolve, everyMs))
    }
  }
  const running = loop().catch(() => {
    // A server that cannot answer at all has stalled for as long as we waited.
    worstMs = Math.max(worstMs, performance.now() - startMs)
  })
  return {
    stop() {
      isOver = true
      void running.finally(() => agent.destroy())
      return worstMs
    },
  }
}
