/**
 * With which schemas people may write in one open document, as far as clients say it. Each client that
 * said its own is told of others, so that its page can say so. Protects nothing: that is the guard of
 * every client (`packages/binding`), which never writes what it does not know.
 *
 * 1. A client is told when the others than its own become others, and at first only when there are any.
 * 2. Costs a look at all members only when a schema comes into the document or leaves it; a bounded
 *    number of them counts at a time.
 */
import { schemasCountedMax, schemasToldMax } from '@quire/protocol'
import type { WireFrame } from '../session/frame-writer.ts'

export interface SchemaMember {
  /** What the client says of its schema; undefined when it does not. */
  readonly schema: string | undefined
  readonly mayWrite: boolean
  readonly dialect: { schemas(others: readonly string[]): WireFrame | undefined }
  readonly outbox: { control(frame: WireFrame): void }
}

export class RoomSchemas<Member extends SchemaMember> {
  /** The schema under which each member is counted. */
  readonly #writers = new Map<Member, string>()
  readonly #counts = new Map<string, number>()
  /** What each was told last. */
  readonly #told = new Map<Member, string>()

  /** A member has joined, or its role may have changed. `members` are all of them. */
  note(member: Member, members: Iterable<Member>): void {
    const { schema } = member
    const isCounted =
      schema !== undefined &&
      (this.#counts.has(schema) || this.#counts.size < schemasCountedMax) &&
      member.mayWrite
    if (this.#count(member, isCounted ? schema : undefined)) this.#tellAll(members)
    else this.#tell(member)
  }

  leave(member: Member, members: Iterable<Member>): void {
    this.#told.delete(member)
    if (this.#count(member, undefined)) this.#tellAll(members)
  }

  /** Counts the member under a schema, or under none. True when a schema came or went by that. */
  #count(member: Member, schema: string | undefined): boolean {
    const before = this.#writers.get(member)
    if (before === schema) return false
    let hasChanged = false
    if (before !== undefined) {
      const rest = (this.#counts.get(before) ?? 0) - 1
      if (rest > 0) this.#counts.set(before, rest)
      else hasChanged = this.#counts.delete(before)
      this.#writers.delete(member)
    }
    if (schema !== undefined) {
      const count = this.#counts.get(schema) ?? 0
      hasChanged ||= count === 0
      this.#counts.set(schema, count + 1)
      this.#writers.set(member, schema)
    }
    return hasChanged
  }

  #tellAll(members: Iterable<Member>): void {
    for (const member of members) this.#tell(member)
  }

  #tell(member: Member): void {
    // Who says nothing of its own could compare it with nothing.
    if (member.schema === undefined) return
    const others = [...this.#counts.keys()]
      .filter((schema) => schema !== member.schema)
      .sort()
      .slice(0, schemasToldMax)
    const told = others.join(' ')
    if (told === (this.#told.get(member) ?? '')) return
    this.#told.set(member, told)
    const frame = member.dialect.schemas(others)
    if (frame) member.outbox.control(frame)
  }
}
