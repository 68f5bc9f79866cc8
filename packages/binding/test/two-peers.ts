/** Two people at one document, for tests of one thing: they are closed by `closePeers` after each. */
import { cell, type Draft, type NamedDoc, row, table } from '@quire/testkit'
import { closeAll } from './open-view.ts'
import { makePeers, type Peer, type PeerOptions, placeOf } from './peers.ts'

let peers: readonly Peer[] = []

export function two(content: NamedDoc | Uint8Array, options?: PeerOptions): [Peer, Peer] {
  closePeers()
  peers = makePeers(2, content, options)
  return peers as [Peer, Peer]
}

/** Also what `openView` opened. */
export function closePeers(): void {
  for (const peer of peers) peer.close()
  peers = []
  closeAll()
}

/** Types in front of a text, or at a position. */
export function type(peer: Peer, text: string, before: string | number): void {
  peer.edit((tr) =>
    tr.insertText(text, typeof before === 'number' ? before : placeOf(tr.doc, before)),
  )
}

/** A table of cells with one line each. */
export function grid(...rows: readonly (readonly string[])[]): Draft {
  return table(...rows.map((cells) => row(...cells.map((text) => cell(text)))))
}
