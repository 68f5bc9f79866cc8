/**
 * Several people at one document, in one process: each with a Y.Doc, a binding and a view, and a
 * queue of what has not arrived yet. Nothing travels until a test says so.
 *
 * 1. `deliver` hands over one queued update; updates may also come out of order or twice, as they can
 *    from a provider.
 * 2. A peer that only receives never writes: an update made while receiving is counted in `answers`.
 */
import type { Clock } from '@quire/base'
import { contentOf, schema, seedUpdate } from '@quire/document'
import { type NamedDoc, type SeededRandom, show } from '@quire/testkit'
import type { Node } from 'prosemirror-model'
import { type Command, EditorState, type Plugin, type Transaction } from 'prosemirror-state'
import { NodeSelection, TextSelection } from 'prosemirror-state'
import { CellSelection } from 'prosemirror-tables'
import { EditorView } from 'prosemirror-view'
import { initProseMirrorDoc, prosemirrorToYXmlFragment } from 'y-prosemirror'
import * as Y from 'yjs'
import { type Binding, createBinding, tableEditingPlugin } from '../src/index.ts'
import { lateTextOrigin } from '../src/late-text.ts'
import { stockBinding } from './stock-binding.ts'

export interface Peer {
  readonly name: string
  readonly doc: Y.Doc
  readonly binding: Binding
  readonly view: EditorView
  /** Updates of others that have not arrived. */
  readonly inbox: Uint8Array[]
  /** Updates that the binding wrote in answer to receiving one. There must be none. */
  readonly answers: number
  readonly content: Node
  /** Dispatches what `make` builds on a fresh transaction. */
  edit(make: (tr: Transaction) => Transaction): void
  run(command: Command): boolean
  select(anchor: number, head?: number): void
  selectNode(pos: number): void
  selectCells(anchor: number, head?: number): void
  /** Takes one update from the inbox, the first unless said otherwise. */
  deliver(index?: number): void
  close(): void
}

export interface PeerOptions {
  readonly plugins?: readonly Plugin[]
  /** Zero: every edit is an undo step of its own. */
  readonly captureMs?: number
  /** Which peers use y-prosemirror as it comes instead of our binding. */
  readonly stock?: (index: number) => boolean
  /** Of all peers; the machine's unless given. */
  readonly clock?: Clock
  /** Whether views draw what is in blocks; true unless given. What is drawn changes nothing of what is edited, and costs more. */
  readonly isDrawn?: boolean
  /** Where the view of a peer goes; it stays there when the peer is closed, empty. */
  readonly place?: (index: number) => HTMLElement
}

const remote = Symbol('remote')

/** For every kind of block an element in which nothing is drawn. */
const emptyViews = Object.fromEntries(
  Object.values(schema.nodes)
    .filter((type) => type.isBlock && type !== schema.topNodeType)
    .map((type) => [
      type.name,
      () => ({
        dom: document.createElement('div'),
        update: () => true,
        ignoreMutation: () => true,
      }),
    ]),
)

/** The bytes of a document with this content, made by a client that is nobody of the peers. */
export function bytesOf(content: Node | NamedDoc): Uint8Array {
  const doc = new Y.Doc()
  doc.clientID = 7
  prosemirrorToYXmlFragment('node' in content ? content.node : content, contentOf(doc))
  const bytes = Y.encodeStateAsUpdate(doc)
  doc.destroy()
  return bytes
}

/** `count` peers at one document, all with its content. Client ids rise with the order of names. */
export function makePeers(
  count: number,
  content: Node | NamedDoc | Uint8Array = seedUpdate,
  options: PeerOptions = {},
): Peer[] {
  const bytes = content instanceof Uint8Array ? content : bytesOf(content)
  const peers: Peer[] = []
  for (let i = 0; i < count; i++) peers.push(makePeer(i, bytes, peers, options))
  return peers
}

function makePeer(index: number, bytes: Uint8Array, all: readonly Peer[], options: PeerOptions) {
  const doc = new Y.Doc()
  doc.clientID = 1000 + index
  Y.applyUpdate(doc, bytes, remote)
  const isStock = options.stock?.(index) === true
  const binding = isStock
    ? stockBinding(doc)
    : createBinding({
        doc,
        captureMs: options.captureMs ?? 0,
        ...(options.clock && { clock: options.clock }),
      })
  const place = options.place?.(index) ?? document.body.appendChild(document.createElement('div'))
  const view = new EditorView(place, {
    state: EditorState.create({
      doc: binding.initialDoc,
      schema,
      plugins: [
        ...binding.plugins,
        ...(isStock ? [] : [tableEditingPlugin()]),
        ...(options.plugins ?? []),
      ],
    }),
    ...(options.isDrawn === false && { nodeViews: emptyViews }),
  })
  const detach = binding.attach(view)
  const inbox: Uint8Array[] = []
  let answers = 0
  let isReceiving = false
  const tell = (update: Uint8Array, origin: unknown): void => {
    // Without an origin: Yjs itself, which drops formatting that has become superfluous.
    if (isReceiving && origin !== null && origin !== lateTextOrigin) answers += 1
    for (const other of all) if (other.inbox !== inbox) other.inbox.push(update)
  }
  // What was received is nobody's news; while nobody listens, Yjs does not encode it again.
  doc.on('afterTransaction', ({ origin }: Y.Transaction) => {
    doc.off('update', tell)
    if (origin !== remote) doc.on('update', tell)
  })
  const edit = (make: (tr: Transaction) => Transaction): void => view.dispatch(make(view.state.tr))
  const peer: Peer = {
    name: String.fromCharCode(65 + index),
    doc,
    binding,
    view,
    inbox,
    get answers() {
      return answers
    },
    get content() {
      return view.state.doc
    },
    edit,
    run: (command) => command(view.state, view.dispatch, view),
    select: (anchor, head = anchor) =>
      edit((tr) => tr.setSelection(TextSelection.create(tr.doc, anchor, head))),
    selectNode: (pos) => edit((tr) => tr.setSelection(NodeSelection.create(tr.doc, pos))),
    selectCells: (anchor, head = anchor) =>
      edit((tr) => tr.setSelection(CellSelection.create(tr.doc, anchor, head))),
    deliver(at = 0) {
      const [update] = inbox.splice(at, 1)
      if (!update) return
      isReceiving = true
      try {
        Y.applyUpdate(doc, update, remote)
      } finally {
        isReceiving = false
      }
    },
    close() {
      detach()
      view.destroy()
      binding.destroy()
      if (!options.place) place.remove()
      doc.destroy()
    },
  }
  return peer
}

/** Delivers everything, each peer's inbox in the order of arrival, until nothing is left. */
export function settle(peers: readonly Peer[]): void {
  while (peers.some((peer) => peer.inbox.length > 0)) {
    for (const peer of peers) while (peer.inbox.length > 0) peer.deliver()
  }
}

/** Delivers everything, in an order drawn from `random`. */
export function settleAtRandom(peers: readonly Peer[], random: SeededRandom): void {
  for (;;) {
    const waiting = peers.filter((peer) => peer.inbox.length > 0)
    if (waiting.length === 0) return
    const peer = random.pick(waiting)
    peer.deliver(random.below(peer.inbox.length))
  }
}

/** The document that the shared content holds, converted afresh. Reading must not change it; `hasLost` says that it did. */
export function convert(doc: Y.Doc): { readonly node: Node; readonly hasLost: boolean } {
  let hasLost = false
  const notice = (): void => {
    hasLost = true
  }
  doc.on('update', notice)
  const { doc: node } = initProseMirrorDoc(contentOf(doc), schema)
  doc.off('update', notice)
  return {
    // An editor shows a document without blocks as one empty block.
    node: node.childCount === 0 ? (schema.topNodeType.createAndFill() as Node) : node,
    hasLost,
  }
}

/** What is wrong with a peer by itself, in words; empty when nothing is. */
export function problemsOf(peer: Peer): string[] {
  const problems: string[] = []
  const { node, hasLost } = convert(peer.doc)
  if (peer.binding.state.kind !== 'ready') problems.push(`${peer.name} is locked`)
  if (hasLost) problems.push(`${peer.name}: converting the shared document deletes something`)
  if (!node.eq(peer.content)) {
    problems.push(
      `${peer.name}: the view and the shared document differ\n  view   ${oneLine(peer.content)}\n  shared ${oneLine(node)}`,
    )
  }
  if (peer.answers > 0) problems.push(`${peer.name} wrote ${peer.answers} times in answer`)
  try {
    peer.content.check()
  } catch (error) {
    problems.push(`${peer.name}: ${String(error)}`)
  }
  return problems
}

/** What is wrong between peers that have received everything. */
export function differencesOf(peers: readonly Peer[]): string[] {
  const [first, ...others] = peers
  if (!first) return []
  const problems: string[] = []
  const json = JSON.stringify(first.content.toJSON())
  const shared = JSON.stringify(contentOf(first.doc).toJSON())
  for (const other of others) {
    if (JSON.stringify(contentOf(other.doc).toJSON()) !== shared) {
      problems.push(`the shared documents of ${first.name} and ${other.name} differ`)
    }
    if (JSON.stringify(other.content.toJSON()) !== json) {
      problems.push(
        `${first.name} and ${other.name} see different documents\n  ${oneLine(first.content)}\n  ${oneLine(other.content)}`,
      )
    }
  }
  return problems
}

const oneLine = (node: Node): string => show(node).join(' ⏐ ')

/** The document all peers see; throws what is wrong when they do not. */
export function agreed(peers: readonly Peer[]): string[] {
  const problems = [...peers.flatMap(problemsOf), ...differencesOf(peers)]
  if (problems.length > 0) throw new Error(problems.join('\n'))
  return show((peers[0] as Peer).content)
}

/** Where a text begins; throws when the document does not have it. */
export function placeOf(node: Node, text: string): number {
  let found = -1
  node.descendants((child, pos) => {
    const index = found < 0 && child.isText ? (child.text as string).indexOf(text) : -1
    if (index >= 0) found = pos + index
  })
  if (found < 0) throw new RangeError(`the document has no "${text}"`)
  return found
}
