/** Who is who, with unmodified clients of every kind: presence, client ids, lineages. */
import { until } from '@quire/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import type { Authorize } from '../src/index.ts'
import { type Host, named, startHost, storedText } from './harness.ts'
import {
  type Editor,
  hocuspocusKinds,
  isHocuspocus,
  type Kind,
  kinds,
  openEditor,
  yWebsocketKinds,
} from './matrix.ts'

let host: Host
const editors: Editor[] = []

afterEach(async () => {
  for (const editor of editors.splice(0)) editor.destroy()
  await host.close()
})

/** A token is the id of its user; everybody has a name, and nobody but Ada a colour. */
const authorize: Authorize = ({ token = '' }) => ({
  user: {
    id: token,
    name: token.toUpperCase(),
    ...(token === 'ada' && { color: '#112233' }),
  },
  role: 'edit',
})

async function open(kind: Kind, token: string, query = ''): Promise<Editor> {
  const path = isHocuspocus(kind) ? '' : '/sync'
  const editor = await openEditor(kind, {
    url: `${host.url}${path}${query}`,
    document: 'paper',
    token: () => token,
  })
  editors.push(editor)
  return editor
}

/** Another client id, before the socket is open. */
function become({ doc, awareness }: Editor, clientId: number): void {
  awareness.setLocalState(null)
  doc.clientID = clientId
  awareness.clientID = clientId
  awareness.setLocalState({ user: {} })
}

const stock = [...hocuspocusKinds, ...yWebsocketKinds]

describe.each(kinds)('%s', (kind: Kind) => {
  test('[MI1] others see who the server knows it is, whatever it says', async () => {
    host = await startHost({ authorize })
    const [mallory, ...others] = [
      await open(kind, 'ada'),
      await open('hocuspocus 4.8.0', 'eve'),
      await open('y-websocket 3.1.0', 'eve'),
    ]
    if (!mallory) throw new Error('nobody')
    const shownTo = ({ awareness }: Editor) =>
      awareness.getStates().get(mallory.doc.clientID) as { user?: object; x?: number } | undefined
    mallory.awareness.setLocalState({ user: { id: 'eve', name: 'Eve', color: 'red' }, x: 1 })
    await until('both see it', () => others.every((other) => shownTo(other)?.x === 1))
    mallory.awareness.setLocalStateField('x', 2)
    await until('both see it move', () => others.every((other) => shownTo(other)?.x === 2))
    for (const other of others) {
      expect(shownTo(other)?.user).toEqual({ id: 'ada', name: 'ADA', color: '#112233' })
    }
    // What they say about what they heard changes nothing for anybody.
    const late = await open('y-websocket 3.1.0', 'eve')
    await until('a newcomer sees it', () => shownTo(late)?.x === 2)
    expect(shownTo(late)?.user).toMatchObject({ id: 'ada', name: 'ADA' })
    expect(mallory.awareness.getLocalState()).toMatchObject({ user: { name: 'Eve' } })
  })
})

describe.each(stock)('%s', (kind: Kind) => {
  test('[MI2] of two that wrote something else under one client id the later is told, and nothing diverges', async () => {
    host = await startHost({ authorize })
    const first = await open(kind, 'ada')
    become(first, 7)
    first.text.insert(0, 'hello')
    await until(
      'the first is stored',
      async () => (await storedText(host.store, 'paper')) === 'hello',
    )
    const second = await open(kind, 'eve')
    become(second, 7)
    second.text.insert(0, 'something else')
    const reader = await open('quire.v1', 'bob')
    if (isHocuspocus(kind)) {
      await until('it is told', () => second.denied.includes('client id in use, reload'))
    } else {
      await until('it is told', () => second.closedWith.includes(4412))
    }
    first.text.insert(5, ' there')
    await until('the reader has the first', () => reader.text.toJSON() === 'hello there')
    expect(second.text.toJSON()).toContain('something else')
    await until(
      'it is stored',
      async () => (await storedText(host.store, 'paper')) === 'hello there',
    )
  })
})

describe.each(hocuspocusKinds)('%s', (kind: Kind) => {
  test('[MI3] one that holds another document of the name is told so in band, and takes nothing', async () => {
    host = await startHost({ authorize })
    const ada = await open(kind, 'ada')
    ada.text.insert(0, 'new text')
    await until('it is stored', async () => (await storedText(host.store, 'paper')) === 'new text')
    const { lineage } = await host.store.open(named('paper'))
    const same = await open(kind, 'ada', `/?lineage.paper=${lineage}&lineage.other=x`)
    await until('the same one is in', () => same.text.toJSON() === 'new text')
    const other = await open(kind, 'ada', '/?lineage.paper=some-other-lineage')
    other.text.insert(0, 'old text')
    await until('the other one is told', () => other.denied.length > 0)
    expect(other.denied).toEqual(['another document of this name'])
    expect(other.text.toJSON()).toBe('old text')
    expect(await storedText(host.store, 'paper')).toBe('new text')
  })
})
