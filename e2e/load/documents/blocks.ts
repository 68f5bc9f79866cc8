/**
 * A document of blocks with attributes and text, as large as wanted, in updates that a server takes
 * one by one; and places in the middle of its text where somebody can begin to type.
 */
import { createSeededRandom } from '@quire/testkit'
import * as Y from 'yjs'
import type { Place } from '../generator/typed-update.ts'
import { clocksOf, type Content, contentClient } from './content.ts'

const words =
  'the sea was calm that morning and a light wind from the west carried the smell of salt over the harbour where three boats lay ready'.split(
    ' ',
  )
const charsPerBlock = 400
const blocksPerEdit = 200

/** About `bytes` long as one update. Takes seconds for 20 MB. */
export function blocksOf(
  bytes: number,
  bytesPerUpdate: number,
): Content & { readonly places: readonly Place[] } {
  const random = createSeededRandom(7)
  const doc = new Y.Doc()
  doc.clientID = contentClient
  const updates: Uint8Array[] = []
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let allBytes = 0
  const cut = (): void => {
    if (waiting.length > 0) updates.push(Y.mergeUpdates(waiting))
    waiting = []
    waitingBytes = 0
  }
  doc.on('update', (update: Uint8Array) => {
    waiting.push(update)
    waitingBytes += update.length
    allBytes += update.length
    if (waitingBytes >= bytesPerUpdate) cut()
  })
  const root = doc.getXmlFragment('content')
  const places: Place[] = []
  while (allBytes < bytes) {
    const texts: Y.XmlText[] = []
    const blocks = Array.from({ length: blocksPerEdit }, (_, i) => {
      const block = new Y.XmlElement('block')
      block.setAttribute('kind', i % 25 === 0 ? 'heading' : 'paragraph')
      let text = `${i}`
      while (text.length < charsPerBlock) text += ` ${random.pick(words)}`
      const inside = new Y.XmlText(text)
      texts.push(inside)
      block.insert(0, [inside])
      return block
    })
    root.insert(root.length, blocks)
    const text = texts[random.below(texts.length)]
    if (text) places.push(placeInside(text, charsPerBlock >> 1))
  }
  cut()
  return { updates, clocks: clocksOf(doc), places }
}

function placeInside(text: Y.XmlText, index: number): Place {
  const { item } = Y.createRelativePositionFromTypeIndex(text, index)
  if (item === null) throw new Error('the text is longer than the index')
  const { client, clock } = item
  return { kind: 'between', left: { client, clock: clock - 1 }, right: { client, clock } }
}
