// @vitest-environment jsdom
/** Undo among several people: one's own edits, nobody else's, and the caret where they were. */
import { schema } from '@quire/document'
import { doc, type NamedDoc, p, show, task } from '@quire/testkit'
import { Plugin } from 'prosemirror-state'
import { afterEach, describe, expect, test } from 'vitest'
import { agreed, makePeers, type Peer, type PeerOptions, placeOf, settle } from './peers.ts'

let peers: readonly Peer[] = []
afterEach(() => {
  for (const peer of peers) peer.close()
  peers = []
})

function two(content: NamedDoc, options?: PeerOptions): [Peer, Peer] {
  peers = makePeers(2, content, options)
  return peers as [Peer, Peer]
}

const type = (peer: Peer, text: string, before: string): void =>
  peer.edit((tr) => tr.insertText(text, placeOf(tr.doc, before)))

describe('undo', () => {
  test('takes back what was done here and nothing else', () => {
    const [a, b] = two(doc(p('one'), p('two')))
    type(a, 'A', 'one')
    settle(peers)
    type(b, 'B', 'two')
    settle(peers)
    a.run(a.binding.undo)
    settle(peers)
    expect(agreed(peers)).toEqual(['p one', 'p Btwo'])
    expect(a.binding.canUndo()).toBe(false)
    expect(b.binding.canUndo()).toBe(true)
  })

  test('of a new block keeps what a colleague wrote in it', () => {
    const [a, b] = two(doc(p('one')))
    a.edit((tr) =>
      tr.insert(tr.doc.content.size, schema.node('block', null, [schema.text('by A')])),
    )
    settle(peers)
    b.edit((tr) => tr.insertText(' by B', tr.doc.content.size - 1))
    settle(peers)
    a.run(a.binding.undo)
    settle(peers)
    expect(agreed(peers)).toEqual(['p one', 'p  by B'])
  })

  test('of a deletion brings back what a colleague had written there', () => {
    const [a, b] = two(doc(p('one'), p('two'), p('three')))
    type(b, 'by B ', 'two')
    settle(peers)
    a.edit((tr) => tr.delete(5, 5 + tr.doc.child(1).nodeSize))
    settle(peers)
    a.run(a.binding.undo)
    settle(peers)
    expect(agreed(peers)).toEqual(['p one', 'p by B two', 'p three'])
  })

  test('is not lost, nor redo, when a colleague writes', () => {
    const [a, b] = two(doc(p('one'), p('two')))
    type(a, 'A', 'one')
    settle(peers)
    a.run(a.binding.undo)
    type(b, 'B', 'two')
    settle(peers)
    expect(a.binding.canRedo()).toBe(true)
    a.run(a.binding.redo)
    settle(peers)
    expect(agreed(peers)).toEqual(['p Aone', 'p Btwo'])
  })

  test('puts the caret where the edit was, redo behind it, and scrolls there', () => {
    let scrolled = 0
    const plugin = new Plugin({
      props: {
        handleScrollToSelection: () => {
          scrolled += 1
          return true
        },
      },
    })
    const [a, b] = two(doc(p('one'), p('two two'), p('three')), { plugins: [plugin] })
    a.select(10)
    a.edit((tr) => tr.insertText('XYZ', 10))
    a.select(1)
    settle(peers)
    type(b, 'remote ', 'one')
    settle(peers)
    a.view.focus()
    scrolled = 0
    a.run(a.binding.undo)
    expect(a.view.state.selection.head).toBe(10 + 'remote '.length)
    expect(scrolled).toBe(1)
    a.select(1)
    a.run(a.binding.redo)
    expect(a.view.state.selection.head).toBe(13 + 'remote '.length)
    expect(scrolled).toBe(2)
  })

  test('of a checked task unchecks it and keeps what was typed in it meanwhile', () => {
    const [a, b] = two(doc(task('milk')))
    a.edit((tr) => tr.setNodeAttribute(0, 'checked', true))
    settle(peers)
    type(b, 'oat ', 'milk')
    settle(peers)
    a.run(a.binding.undo)
    settle(peers)
    expect(agreed(peers)).toEqual(['[ ] oat milk'])
  })

  test('skips what was dispatched without history', () => {
    const [a] = two(doc(p('one')))
    a.edit((tr) => tr.insertText('A', 1))
    a.edit((tr) => tr.insertText('silent ', 1).setMeta('addToHistory', false))
    a.run(a.binding.undo)
    expect(show(a.content)).toEqual(['p silent one'])
  })

  test('steps are words in a pause of typing, and a change of structure is a step of its own', () => {
    const [a] = two(doc(p('')), { captureMs: 60_000 })
    for (const letter of 'word') a.edit((tr) => tr.insertText(letter))
    a.edit((tr) => tr.split(tr.selection.head))
    a.binding.stopCapturing()
    for (const letter of 'next') a.edit((tr) => tr.insertText(letter))
    const seen: string[][] = []
    while (a.run(a.binding.undo)) seen.push(show(a.content))
    expect(seen.at(-1)).toEqual(['p'])
    expect(seen).toContainEqual(['p word'])
    expect(seen).toContainEqual(['p word', 'p'])
  })
})
