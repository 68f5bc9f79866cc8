import { decodeServerMessage } from '@quire/protocol'
import { expect, test } from 'vitest'
import { type Dialect, quire, yWebsocket } from '../client/dialect.ts'
import type { WireFrame } from '../session/frame-writer.ts'
import { RoomSchemas, type SchemaMember } from './room-schemas.ts'

interface Member extends SchemaMember {
  mayWrite: boolean
  /** What it was told, in order. */
  readonly told: (readonly string[])[]
}

/** A document and those in it. */
function room() {
  const members = new Set<Member>()
  const schemas = new RoomSchemas<Member>()
  return {
    join: (
      schema: string | undefined,
      { mayWrite = true, dialect = quire as Dialect } = {},
    ): Member => {
      const told: (readonly string[])[] = []
      const outbox = {
        control({ messages }: WireFrame): void {
          const message = decodeServerMessage(messages[0] ?? new Uint8Array())
          if (message.kind !== 'event' || message.event.kind !== 'schemas') throw new Error('what?')
          told.push(message.event.others)
        },
      }
      const member = { schema, mayWrite, dialect, outbox, told }
      members.add(member)
      schemas.note(member, members)
      return member
    },
    leave: (member: Member): void => {
      members.delete(member)
      schemas.leave(member, members)
    },
    setRole: (member: Member, mayWrite: boolean): void => {
      member.mayWrite = mayWrite
      schemas.note(member, members)
    },
  }
}

test('[SH1] who says a schema is told of others when they come and when the last of them goes', () => {
  const { join, leave } = room()
  const ada = join('a')
  expect(ada.told).toEqual([])
  const ben = join('b')
  const cleo = join('b')
  expect([ada.told, ben.told, cleo.told]).toEqual([[['b']], [['a']], [['a']]])
  leave(ben)
  expect(ada.told).toEqual([['b']])
  leave(cleo)
  expect(ada.told).toEqual([['b'], []])
})

test('[SH1] who says none, or cannot be told, is told nothing, and counts for others if it says one', () => {
  const { join } = room()
  const old = join(undefined)
  const stock = join('s', { dialect: yWebsocket })
  const ada = join('a')
  expect([old.told, stock.told, ada.told]).toEqual([[], [], [['s']]])
})

test('[SH1] of many schemas a few are told', () => {
  const { join } = room()
  const ada = join('a')
  for (let n = 0; n < 20; n += 1) join(`b${n}`)
  expect(ada.told.at(-1)).toHaveLength(8)
})

test('[SH1] more schemas than are counted cost their document nothing, and those that count go on', () => {
  const { join, leave } = room()
  const ada = join('a')
  for (let n = 0; n < 1_000; n += 1) join(`b${n}`)
  const before = ada.told.length
  for (let n = 0; n < 1_000; n += 1) join(`c${n}`)
  expect(ada.told).toHaveLength(before)
  const other = join('a')
  expect(other.told).toEqual([ada.told.at(-1)])
  leave(other)
  expect(ada.told).toHaveLength(before)
})

test('[SH2] a reader does not count, and is told of those who write; a role that changes counts at once', () => {
  const { join, setRole } = room()
  const reader = join('r', { mayWrite: false })
  const ada = join('a')
  expect([reader.told, ada.told]).toEqual([[['a']], []])
  setRole(reader, true)
  expect(ada.told).toEqual([['r']])
  setRole(reader, false)
  expect(ada.told).toEqual([['r'], []])
})

test('[SH3] people with one schema cost each other no message, nor do their roles', () => {
  const { join, leave, setRole } = room()
  const everybody = Array.from({ length: 5 }, () => join('a'))
  const [first, second] = everybody as [Member, Member]
  setRole(first, false)
  setRole(first, true)
  leave(second)
  expect(everybody.flatMap(({ told }) => told)).toEqual([])
})
