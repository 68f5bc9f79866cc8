/** A world with an access port that says what it is told, when it is told to. A token is the id of its user. */
import type { Limits, Role } from '@quire/protocol'
import * as Y from 'yjs'
import type { AccessAnswer, AccessRequest, Authorize, Grant } from '../src/access/access.ts'
import { named } from './harness.ts'
import { createWorld, FakeClient, turns, type World } from './world.ts'

export function grantOf(id: string, role: Role = 'edit', rest: Partial<Grant> = {}): Grant {
  return { user: { id, name: id }, role, ...rest }
}

export class FakePort {
  /** What is answered about a user; `denied` about everybody else. */
  readonly answers: Map<string, AccessAnswer> = new Map()
  readonly asked: AccessRequest[] = []
  /** `held`: questions wait until `answer`. `throws`, `rejects`: faults of the port. */
  mode: 'at once' | 'held' | 'throws' | 'rejects' = 'at once'
  readonly #open: {
    readonly request: AccessRequest
    readonly answer: (given: AccessAnswer) => void
  }[] = []

  readonly authorize: Authorize = (request) => {
    this.asked.push(request)
    switch (this.mode) {
      case 'at once':
        return this.#decide(request)
      case 'throws':
        throw new Error(`the database does not know ${request.token}`)
      case 'rejects':
        return Promise.reject(new Error(`the database does not know ${request.token}`))
      case 'held':
        return new Promise((answer) => this.#open.push({ request, answer }))
    }
  }

  /** How many questions wait. */
  get openCount(): number {
    return this.#open.length
  }

  /** Answers the oldest `count` of the questions that wait, by what it is told now, or with the one that is given. */
  answer(count: number = Number.POSITIVE_INFINITY, ...given: [] | [AccessAnswer]): void {
    for (const { request, answer } of this.#open.splice(0, count)) {
      answer(given.length === 1 ? given[0] : this.#decide(request))
    }
  }

  #decide({ token }: AccessRequest): AccessAnswer {
    if (token === undefined) return { denied: 'unauthenticated' }
    return this.answers.get(token) ?? { denied: 'forbidden' }
  }
}

export function createAccessWorld(limits: Partial<Limits> = {}): { world: World; port: FakePort } {
  const port = new FakePort()
  return { world: createWorld({ authorize: port.authorize, limits }), port }
}

/** A client in the document, as the user whose id is the token. */
export async function enter(
  world: World,
  token: string,
  document = 'doc',
  isQuire = true,
): Promise<FakeClient> {
  const client = new FakeClient(world, document, { token, isQuire })
  await turns()
  client.reply()
  return client
}

/** With which code the client was closed. */
export function codeOf({ transport }: FakeClient): number | undefined {
  return transport.closed?.code
}

/** What the store would give to the next reader, after two seconds. */
export async function textLater(world: World, document = 'doc'): Promise<string> {
  await world.pass(2_000)
  const { snapshot, tail } = await world.steered.inner.open(named(document))
  const doc = new Y.Doc()
  if (snapshot) Y.applyUpdate(doc, snapshot.update)
  for (const { update } of tail) Y.applyUpdate(doc, update)
  return doc.getText('content').toJSON()
}
