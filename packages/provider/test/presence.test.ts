import { until } from '@quire/testkit'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { join, joinStock } from './quire-clients.ts'
import { startQuireServer } from './quire-server.ts'

/** A WebSocket class, and how many presence frames its sockets have sent. */
function tap() {
  const counts = { presence: 0 }
  class Tapped extends WebSocket {
    override send(data: Parameters<WebSocket['send']>[0]): void {
      if (data instanceof Uint8Array && data[0] === 1) counts.presence += 1
      super.send(data)
    }
  }
  return { counts, Tapped }
}

test('[PR1] ten moves of one among six are ten presence frames, where stock clients send sixty', async () => {
  const server = await startQuireServer()
  async function frames(kind: 'ours' | 'stock'): Promise<number> {
    const { counts, Tapped } = tap()
    const people = Array.from({ length: 6 }, () =>
      kind === 'ours'
        ? join(server, { document: kind, webSocket: Tapped })
        : joinStock(server, Tapped).provider,
    )
    await until('all are synced', () => people.every((person) => person.synced))
    for (const person of people) person.awareness.setLocalState({ move: 0 })
    await until('all see all', () => people.every((person) => person.awareness.states.size === 6))
    const [mover, ...others] = people
    counts.presence = 0
    for (let move = 1; move <= 10; move++) {
      mover?.awareness.setLocalState({ move })
      await until('all see the move', () =>
        others.every(
          (other) => other.awareness.states.get(mover?.awareness.clientID ?? 0)?.['move'] === move,
        ),
      )
    }
    return counts.presence
  }
  expect(await frames('ours')).toBe(10)
  expect(await frames('stock')).toBeGreaterThanOrEqual(60)
})

test('[PR2] after a restart of the server everybody sees everybody again', async () => {
  const server = await startQuireServer()
  const ada = join(server)
  const ben = join(server)
  ada.awareness.setLocalState({ name: 'Ada' })
  ben.awareness.setLocalState({ name: 'Ben' })
  const seeEachOther = () =>
    ada.awareness.getStates().has(ben.doc.clientID) &&
    ben.awareness.getStates().has(ada.doc.clientID)
  await until('they see each other', seeEachOther)
  await server.kill()
  await until('they do not', () => !seeEachOther())
  await server.start()
  await until('they see each other again', seeEachOther)
  await ada.close()
  await until('Ben sees her leave', () => !ben.awareness.getStates().has(ada.doc.clientID))
})

test('[PR2] somebody who leaves and comes back is seen at once by those who stayed', async () => {
  const server = await startQuireServer()
  const ada = join(server)
  const ben = join(server)
  ada.awareness.setLocalState({ name: 'Ada' })
  const seesAda = () => ben.awareness.getStates().has(ada.doc.clientID)
  await until('Ben sees her', seesAda)
  for (let round = 0; round < 3; round++) {
    ada.disconnect()
    await until('Ben sees her leave', () => !seesAda())
    ada.connect()
    // Far below the 15 s after which clients repeat themselves.
    await until('Ben sees her again', seesAda, 3_000)
  }
})
