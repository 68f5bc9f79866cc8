import { createSeededRandom } from '@quire/testkit'
import { expect, test } from 'vitest'
import { type PresenceUser, UserStamp } from './presence-user.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const ada: PresenceUser = { id: 'u1', name: 'Ada', color: '#112233' }
const guest: PresenceUser = { id: 'g1', name: '' }

const stamped = (user: PresenceUser, state: string): string =>
  decoder.decode(new UserStamp(user).stamp(encoder.encode(state)))
const userIn = (user: PresenceUser, state: string): unknown =>
  (JSON.parse(stamped(user, state)) as { user: unknown }).user

test('[PC3] whatever a state says, its user is the one of the session, once', () => {
  const states = [
    '{}',
    ' {  } ',
    '{"user":null}',
    '{"user":"Bob"}',
    '{"user":["Bob"]}',
    '{"user":{"id":"bob","name":"Bob","color":"red"}}',
    '{"\\u0075ser":{"name":"Bob"}}',
    '{"\\u0075\\u0073\\u0065\\u0072":{"name":"Bob"}}',
    '{"us\\u0065r":{"name":"Bob"},"user":{"id":"x"}}',
    '{"user":{"id":"x"},"us\\u0065r":{"n\\u0061me":"Bob","\\u0069d":"b"}}',
    '{ "user" : { "name" : "Bob" } , "user" : 1 , "\\u0075ser" : { } }',
    '{"a":1,"user":{"user":{"id":"bob"}},"b":[{"user":{"id":"bob"}}]}',
  ]
  for (const state of states) {
    const result = stamped(ada, state)
    expect(userIn(ada, state)).toMatchObject({ id: 'u1', name: 'Ada', color: '#112233' })
    const topLevel = Object.keys(JSON.parse(result) as object)
    expect(topLevel.filter((key) => key === 'user')).toEqual(['user'])
    // A reader that takes the first of two would see the same: there are no two.
    const tops = [...result.matchAll(/"(?:u|\\u0075)(?:s|\\u0073)(?:e|\\u0065)(?:r|\\u0072)"/g)]
    const nested = state.includes('"b":[') ? 3 : 1
    expect(tops.length, result).toBe(nested)
  }
})

test('[PC3] the rest of the state comes back as it was, byte for byte and in order', () => {
  expect(
    stamped(guest, '{"cursor" : {"anchor":[1e400, "\\u00e9"]}, "user":{},"z":"ä" , "__proto__":1}'),
  ).toBe('{"user":{"id":"g1"},"cursor" : {"anchor":[1e400, "\\u00e9"]},"z":"ä","__proto__":1}')
  expect(stamped(guest, '{"users":1,"User":2,"use":3,"":4}')).toBe(
    '{"user":{"id":"g1"},"users":1,"User":2,"use":3,"":4}',
  )
})

test('[PC3] what the session leaves open stays the choice of the client, a colour only as #rrggbb', () => {
  const own = { name: 'Gus', color: '#A1b2C3', colorLight: '#a1b2c333', avatar: 'x', id: 'bob' }
  const user = (color: unknown): string => JSON.stringify({ user: { ...own, color } })
  expect(userIn(guest, user('#A1b2C3'))).toEqual({ ...own, id: 'g1' })
  for (const color of ['red', '#fff', 'url(x)', '#1122334', 'expression(1)', 5, null, {}]) {
    expect(userIn(guest, user(color))).toEqual({
      id: 'g1',
      name: 'Gus',
      colorLight: '#a1b2c333',
      avatar: 'x',
    })
  }
  expect(userIn(guest, '{"user":{"name":{"a":1},"colorLight":"rgba(0,0,0)"}}')).toEqual({
    id: 'g1',
  })
  expect(userIn(ada, user('#A1b2C3'))).toEqual({ ...ada, avatar: 'x' })
  expect(userIn({ id: 'u', name: 'Ada' }, user('#A1b2C3'))).toMatchObject({
    name: 'Ada',
    color: '#A1b2C3',
  })
})

test('[PC3] a name with anything in it is text and nothing else', () => {
  for (const name of ['"},"user":{"id":"bob', '\\', '\u2028\u0000"', '\ud800', '😀']) {
    expect(userIn({ id: name, name }, '{"user":{"id":"x"}}')).toEqual({ id: name, name })
    expect(userIn(guest, JSON.stringify({ user: { name } }))).toEqual({ id: 'g1', name })
  }
})

test('[PC3] one stamp serves all states of its session, in any order', () => {
  const random = createSeededRandom(5)
  const users = ['{}', '{"name":"a"}', '{"name":"b"}', 'null', undefined]
  const one = new UserStamp(guest)
  for (let i = 0; i < 200; i++) {
    const user = users[Math.floor(random.unit() * users.length)]
    const state = user === undefined ? `{"x":${i}}` : `{"x":${i},"user":${user}}`
    const bytes = encoder.encode(state)
    const result = one.stamp(bytes)
    bytes.fill(0)
    expect(decoder.decode(result)).toBe(stamped(guest, state))
  }
})
