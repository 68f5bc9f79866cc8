// @vitest-environment jsdom
/**
 * What happens to somebody who composes with an input method while others edit: `src/composition.ts`.
 *
 * Length: one case for each thing that a colleague, or the one who composes, can do to the line.
 */
import { schema } from '@quire/document'
import { br, createManualClock, doc, h, type NamedDoc, p, show } from '@quire/testkit'
import { splitBlock } from 'prosemirror-commands'
import type { NodeType } from 'prosemirror-model'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { heldMsMax, heldUpdatesMax } from '../src/composition.ts'
import { compose, send } from './composer.ts'
import { agreed, makePeers, type Peer, placeOf, settle } from './peers.ts'

let peers: readonly Peer[] = []
let clock = createManualClock()
beforeEach(() => {
  clock = createManualClock()
})
afterEach(() => {
  for (const peer of peers) peer.close()
  peers = []
  expect(clock.timerCount).toBe(0)
})

function two(content: NamedDoc): [Peer, Peer] {
  peers = makePeers(2, content, { clock })
  return peers as [Peer, Peer]
}

const after = (peer: Peer, text: string): void =>
  peer.select(placeOf(peer.content, text) + text.length)

const type = (peer: Peer, text: string, before: string): void =>
  peer.edit((tr) => tr.insertText(text, placeOf(tr.doc, before)))

const code = schema.nodes['code_block'] as NodeType

/** What the browser’s events leave to the end of the turn has been done. */
const turn = async (): Promise<void> => {
  for (let i = 0; i < 4; i++) await Promise.resolve()
}

describe('while somebody composes', () => {
  test('a colleague’s letters in the same line wait, and those elsewhere do not', async () => {
    const [a, b] = two(doc(p('first line'), p('second line')))
    after(a, 'first')
    const composer = compose(a)
    composer.update('に')
    settle(peers)
    const node = a.view.domAtPos(3).node
    type(b, 'XX', 'first')
    type(b, 'YY', 'second')
    settle(peers)
    expect(show(a.content)).toEqual(['p firstに line', 'p YYsecond line'])
    expect(a.view.domAtPos(3).node).toBe(node)
    composer.update('にほ')
    composer.update('日本')
    expect(show(a.content)).toEqual(['p first日本 line', 'p YYsecond line'])
    composer.end()
    await turn()
    settle(peers)
    expect(agreed(peers)).toEqual(['p XXfirst日本 line', 'p YYsecond line'])
  })

  test('what is composed is sent as it is composed', () => {
    const [a, b] = two(doc(p('first line')))
    after(a, 'first')
    const composer = compose(a)
    composer.update('k')
    type(b, 'XX', 'first')
    settle(peers)
    composer.update('か')
    settle(peers)
    expect(show(b.content)).toEqual(['p XXfirstか line'])
    composer.cancel()
    settle(peers)
    expect(show(b.content)).toEqual(['p XXfirst line'])
  })

  test('the caret stays behind what is composed, before and after the line is shown', async () => {
    const [a, b] = two(doc(p('first line')))
    after(a, 'first')
    const composer = compose(a)
    composer.update('か')
    type(b, 'XX', 'first')
    b.edit((tr) => tr.delete(placeOf(tr.doc, ' line'), placeOf(tr.doc, ' line') + 3))
    settle(peers)
    expect(a.view.state.selection.head).toBe(7)
    composer.end('蚊')
    await turn()
    settle(peers)
    expect(agreed(peers)).toEqual(['p XXfirst蚊ne'])
    expect(a.view.state.selection.head).toBe(placeOf(a.content, '蚊') + 1)
  })

  test('letters that are equal to a colleague’s are each written where they were typed', async () => {
    const [a, b] = two(doc(p('aaaa')))
    a.select(3)
    const composer = compose(a)
    composer.update('a')
    b.edit((tr) => tr.insertText('a', 1))
    b.edit((tr) => tr.insertText('ab', 6))
    settle(peers)
    composer.update('aa')
    composer.update('')
    composer.end('é')
    await turn()
    settle(peers)
    expect(agreed(peers)).toEqual(['p aaaéaaab'])
  })

  test('nothing is held longer than the bound, and the next edit is held anew', () => {
    const [a, b] = two(doc(p('first line')))
    after(a, 'first')
    const composer = compose(a)
    composer.update('か')
    type(b, 'X', 'first')
    settle(peers)
    // Three seconds are the promise, whatever the constant says.
    clock.advance(2_999)
    expect(show(a.content)).toEqual(['p firstか line'])
    clock.advance(1)
    expect(show(a.content)).toEqual(['p Xfirstか line'])
    type(b, 'Y', 'first')
    settle(peers)
    expect(show(a.content)).toEqual(['p Xfirstか line'])
    composer.update('かな')
    clock.advance(3_000)
    expect(show(a.content)).toEqual(['p XYfirstかな line'])
    composer.end()
    settle(peers)
    expect(agreed(peers)).toEqual(['p XYfirstかな line'])
  })

  test('what is shown during a composition leaves the browser its range of letters', () => {
    const [a, b] = two(doc(p('first line')))
    after(a, 'first')
    const composer = compose(a)
    composer.update('かな')
    settle(peers)
    const { node } = a.view.domAtPos(a.view.state.selection.head)
    // As a browser keeps a composition: a range of its text node, which a new value would empty.
    const range = a.view.dom.ownerDocument.createRange()
    range.setStart(node, 'first'.length)
    range.setEnd(node, 'firstかな'.length)
    type(b, 'X', 'first')
    b.edit((tr) => tr.delete(placeOf(tr.doc, ' line'), placeOf(tr.doc, ' line') + 2))
    settle(peers)
    clock.advance(heldMsMax)
    expect(show(a.content)).toEqual(['p Xfirstかなine'])
    expect(node.textContent).toBe('Xfirstかなine')
    expect(range.toString()).toBe('かな')
    composer.end()
  })

  test('a flood of edits is shown', () => {
    const [a, b] = two(doc(p('first line')))
    after(a, 'first')
    const composer = compose(a)
    composer.update('か')
    for (let i = 0; i < heldUpdatesMax; i++) type(b, 'x', 'first')
    settle(peers)
    expect(show(a.content)).toEqual(['p firstか line'])
    type(b, 'x', 'first')
    settle(peers)
    expect(show(a.content)).toEqual([`p ${'x'.repeat(heldUpdatesMax + 1)}firstか line`])
    composer.end()
  })

  test('with the focus the composition is over, whatever the browser says', async () => {
    const [a, b] = two(doc(p('first line')))
    after(a, 'first')
    compose(a).update('か')
    type(b, 'X', 'first')
    settle(peers)
    send(a.view, 'blur')
    await turn()
    settle(peers)
    expect(agreed(peers)).toEqual(['p Xfirstか line'])
    type(b, 'Y', 'first')
    settle(peers)
    expect(agreed(peers)).toEqual(['p XYfirstか line'])
  })

  test('a view that is closed meanwhile leaves everything in the document', () => {
    const [a, b] = two(doc(p('first line')))
    after(a, 'first')
    const composer = compose(a)
    composer.update('か')
    type(b, 'X', 'first')
    settle(peers)
    composer.update('かな')
    a.view.destroy()
    settle(peers)
    expect(show(b.content)).toEqual(['p Xfirstかな line'])
  })

  test('a view that gets other plugins goes on holding the line', async () => {
    const [a, b] = two(doc(p('first line')))
    after(a, 'first')
    const composer = compose(a)
    composer.update('か')
    type(b, 'X', 'first')
    settle(peers)
    a.view.updateState(a.view.state.reconfigure({ plugins: [...a.view.state.plugins] }))
    type(b, 'Y', 'first')
    settle(peers)
    composer.update('かな')
    expect(show(a.content)).toEqual(['p firstかな line'])
    composer.end()
    await turn()
    settle(peers)
    expect(agreed(peers)).toEqual(['p XYfirstかな line'])
  })
})

describe('a colleague who changes the line itself', () => {
  const cases: Readonly<Record<string, [edit: (b: Peer) => void, outcome: string[]]>> = {
    'makes it a heading': [
      (b) => b.edit((tr) => tr.setNodeAttribute(0, 'kind', 'heading')),
      ['h1 one日本 two', 'p last'],
    ],
    'makes its words bold': [
      (b) => b.edit((tr) => tr.addMark(1, 9, schema.mark('bold'))),
      ['p **one日本 two**', 'p last'],
    ],
    'deletes all its words': [(b) => b.edit((tr) => tr.delete(1, 9)), ['p 日本', 'p last']],
    'deletes the words around the caret': [
      (b) => b.edit((tr) => tr.delete(3, 7)),
      ['p on日本wo', 'p last'],
    ],
    'splits it behind the caret': [
      (b) => b.edit((tr) => tr.split(placeOf(tr.doc, 'two'))),
      ['p one日本 ', 'p two', 'p last'],
    ],
    'splits it before the caret': [
      (b) => b.edit((tr) => tr.split(3)),
      ['p on', 'p e日本 two', 'p last'],
    ],
    'joins the next one to it': [(b) => b.edit((tr) => tr.join(10)), ['p one日本 twolast']],
    'drags it away': [
      (b) =>
        b.edit((tr) => {
          const line = tr.doc.child(0)
          return tr.delete(0, line.nodeSize).insert(tr.doc.content.size, line)
        }),
      ['p last', 'p one日本 two'],
    ],
    'makes it code': [
      (b) => b.edit((tr) => tr.setBlockType(1, 1, code)),
      ['code "one日本 two"', 'p last'],
    ],
  }

  test.each(Object.entries(cases))('%s: all words stay', async (_, [edit, outcome]) => {
    const [a, b] = two(doc(p('one two'), p('last')))
    after(a, 'one')
    const composer = compose(a)
    composer.update('に')
    settle(peers)
    edit(b)
    settle(peers)
    composer.update('にほ')
    settle(peers)
    composer.end('日本')
    await turn()
    settle(peers)
    expect(agreed(peers)).toEqual(outcome)
  })

  test.each(Object.entries(cases))(
    '%s, at the same moment: nothing diverges',
    async (_, [edit]) => {
      const [a, b] = two(doc(p('one two'), p('last')))
      after(a, 'one')
      const composer = compose(a)
      composer.update('に')
      while (b.inbox.length > 0) b.deliver()
      edit(b)
      composer.update('にほ')
      while (a.inbox.length > 0) a.deliver()
      composer.end('日本')
      await turn()
      settle(peers)
      expect(agreed(peers).join()).toContain('日本')
    },
  )

  test('deletes the whole of it: it goes, and composing goes on in the next one', async () => {
    const [a, b] = two(doc(p('one two'), p('last')))
    after(a, 'one')
    const composer = compose(a)
    composer.update('に')
    settle(peers)
    b.edit((tr) => tr.delete(0, tr.doc.child(0).nodeSize))
    settle(peers)
    expect(agreed(peers)).toEqual(['p last'])
    composer.end('に')
    await turn()
    settle(peers)
    expect(agreed(peers)).toEqual(['p にlast'])
  })
})

describe('what the one who composes does beside it', () => {
  const start = (): [Peer, Peer, ReturnType<typeof compose>] => {
    const [a, b] = two(doc(h(1, 'title'), p('one ', br, 'two'), p('last')))
    after(a, 'one')
    const composer = compose(a)
    composer.update('に')
    settle(peers)
    type(b, 'X', 'one')
    b.edit((tr) => tr.insertText('Y', placeOf(tr.doc, 'two') + 3))
    settle(peers)
    expect(show(a.content)[1]).toBe('p oneに ⏎two')
    return [a, b, composer]
  }

  test('undo shows the colleague’s words and takes back only one’s own', async () => {
    const [a, , composer] = start()
    composer.update('にほ')
    a.run(a.binding.undo)
    expect(show(a.content)[1]).toBe('p Xoneに ⏎twoY')
    a.run(a.binding.undo)
    expect(show(a.content)[1]).toBe('p Xone ⏎twoY')
    a.run(a.binding.redo)
    settle(peers)
    expect(agreed(peers)[1]).toBe('p Xoneに ⏎twoY')
    send(a.view, 'compositionend')
    await turn()
  })

  test('a new line, as some keyboards send it, splits the line as it is shared', () => {
    const [a, , composer] = start()
    a.run(splitBlock)
    expect(show(a.content)).toEqual(['h1 title', 'p Xoneに', 'p  ⏎twoY', 'p last'])
    expect(a.view.state.selection.head).toBe(placeOf(a.content, ' '))
    composer.end('')
    settle(peers)
    expect(agreed(peers)).toEqual(['h1 title', 'p Xoneに', 'p  ⏎twoY', 'p last'])
  })

  test('marks and kinds are set on the line as it is shared', () => {
    const [a] = start()
    const pos = placeOf(a.content, 'one')
    a.edit((tr) =>
      tr.addMark(pos, pos + 3, schema.mark('bold')).setNodeAttribute(pos - 1, 'kind', 'quote'),
    )
    settle(peers)
    expect(agreed(peers)[1]).toBe('> X**one**に ⏎twoY')
  })

  test('an edit in another line is written there', () => {
    const [a] = start()
    a.edit((tr) => tr.insertText('!', placeOf(tr.doc, 'last')))
    a.edit((tr) => tr.delete(0, tr.doc.child(0).nodeSize))
    settle(peers)
    expect(agreed(peers)).toEqual(['p Xoneに ⏎twoY', 'p !last'])
  })

  test('deleting over the line deletes what was seen of it, and a colleague’s new words stay', () => {
    const [a] = start()
    a.edit((tr) => tr.delete(placeOf(tr.doc, 'itle'), placeOf(tr.doc, 'ast')))
    settle(peers)
    expect(agreed(peers)).toEqual(['h1 tXYast'])
  })

  test('so do a colleague’s words beside a formula that has not been seen either', () => {
    const [a, b] = start()
    b.edit((tr) => tr.insert(placeOf(tr.doc, 'one'), schema.node('math_inline', { tex: 'x' })))
    settle(peers)
    a.edit((tr) => tr.delete(placeOf(tr.doc, 'itle'), placeOf(tr.doc, 'ast')))
    settle(peers)
    expect(agreed(peers)).toEqual(['h1 tXYast'])
  })

  test('a paste of several blocks into it stands where it was pasted', () => {
    const [a] = start()
    const pasted = doc(p('pasted'), p('more')).node
    a.edit((tr) =>
      tr.replaceRange(
        placeOf(tr.doc, 'two'),
        placeOf(tr.doc, 'two'),
        pasted.slice(1, pasted.content.size - 1),
      ),
    )
    settle(peers)
    expect(agreed(peers)).toEqual(['h1 title', 'p Xoneに ⏎pasted', 'p moretwoY', 'p last'])
  })
})
