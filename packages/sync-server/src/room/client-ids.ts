/**
 * Which session of a room writes under which Yjs client id, as far as sessions say so (message 19).
 * Two documents that write under one id are not merged by Yjs but diverge, so the second one is told to
 * take another before it writes. Judges no edits: what was written already is judged by its content
 * (`conflict.ts`), because an id that is claimed proves nothing.
 *
 * 1. One id per session, the one it said last; one session per id, the first that said it.
 * 2. The same instance is the same document on a new connection: it gets its id at once.
 */

/** What a session said about its document. */
export interface OwnClient {
  readonly clientId: number
  /** Under which the same device wrote before what may not be known here. */
  readonly earlier: readonly number[]
  /** As text, to be compared. */
  readonly instance: string
}

export class ClientIds<Member> {
  readonly #own = new Map<Member, OwnClient>()
  readonly #members = new Map<number, Member>()

  of(member: Member): OwnClient | undefined {
    return this.#own.get(member)
  }

  /** The member writes under `own` from now on. False: somebody else does, and the member must take another id. */
  claim(member: Member, own: OwnClient): boolean {
    this.leave(member)
    this.#own.set(member, own)
    const holder = this.#members.get(own.clientId)
    if (holder !== undefined && this.#own.get(holder)?.instance !== own.instance) return false
    this.#members.set(own.clientId, member)
    return true
  }

  /** The session ended. */
  leave(member: Member): void {
    const own = this.#own.get(member)
    if (!own) return
    this.#own.delete(member)
    if (this.#members.get(own.clientId) === member) this.#members.delete(own.clientId)
  }
}
