/** A client with `quire.v1` for the matrix, as small as one can be that comes back. */
import {
  closeCodes,
  decodeServerMessage,
  encodePresence,
  encodeStep1,
  encodeStep2,
  encodeToken,
  encodeUpdate,
} from '@quire/protocol'
import { WebSocket } from 'ws'
import {
  applyAwarenessUpdate,
  Awareness,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from 'y-protocols/awareness'
import * as Y from 'yjs'
import { bodyOf } from './harness.ts'
import type { Editor, EditorOptions } from './matrix.ts'

/** A socket as in browsers: closing it while it connects throws nothing that nobody catches. */
export class BrowserLikeSocket extends WebSocket {
  constructor(url: string, protocols?: string[]) {
    super(url, protocols)
    this.on('error', () => undefined)
  }
}

export class QuireEditor implements Editor {
  readonly kind = 'quire.v1'
  readonly doc: Y.Doc = new Y.Doc()
  readonly text: Y.Text = this.doc.getText('content')
  readonly awareness: Awareness = new Awareness(this.doc)
  readonly lengthsWhenSynced: number[] = []
  readonly closedWith: number[] = []
  readonly denied: string[] = []
  scope: string | undefined = undefined
  isSynced = false
  readonly #options: EditorOptions
  #ws: WebSocket
  #sentCount = 0
  #savedCount = 0
  #isDestroyed = false

  constructor(options: EditorOptions) {
    this.#options = options
    this.#ws = this.#connect()
    this.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this) this.#sync(encodeUpdate(update))
    })
    this.awareness.on('update', (_: unknown, origin: unknown) => {
      if (origin !== this) this.#show()
    })
  }

  get unsynced(): number {
    return this.#sentCount - this.#savedCount
  }

  destroy(): void {
    this.#isDestroyed = true
    this.awareness.destroy()
    this.#ws.close()
  }

  #connect(): WebSocket {
    const { url, document, token } = this.#options
    const ws = new BrowserLikeSocket(`${url}/${document}`, ['quire.v1'])
    ws.binaryType = 'nodebuffer'
    ws.on('open', () => {
      this.#sentCount = 0
      this.#savedCount = 0
      ws.send(encodeToken(token()))
      this.#sync(encodeStep1(Y.encodeStateVector(this.doc)))
      this.#show()
    })
    ws.on('message', (data) => {
      if (ws === this.#ws) this.#receive(new Uint8Array(data as Buffer))
    })
    ws.on('close', (code) => {
      this.closedWith.push(code)
      this.isSynced = false
      const others = [...this.awareness.getStates().keys()].filter((id) => id !== this.doc.clientID)
      removeAwarenessStates(this.awareness, others, this)
      const row = Object.values(closeCodes).find((known) => known.code === code)
      if (row?.retry === 'never' || this.#isDestroyed) return
      setTimeout(() => {
        if (!this.#isDestroyed) this.#ws = this.#connect()
      }, 30)
    })
    return ws
  }

  #show(): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return
    this.#ws.send(encodePresence(encodeAwarenessUpdate(this.awareness, [this.doc.clientID])))
  }

  #sync(frame: Uint8Array): void {
    if (this.#ws.readyState !== WebSocket.OPEN) return
    this.#sentCount += 1
    this.#ws.send(frame)
  }

  #receive(frame: Uint8Array): void {
    const special = decodeServerMessage(frame)
    if (special.kind === 'saved') this.#savedCount = special.frameCount
    if (special.kind === 'session') this.scope = special.session.role
    if (frame[0] === 1) {
      applyAwarenessUpdate(this.awareness, bodyOf(Uint8Array.from([0, ...frame])), this)
    }
    if (frame[0] !== 0) return
    const body = bodyOf(frame)
    if (frame[1] === 0) {
      this.#sync(encodeStep2(Y.encodeStateAsUpdate(this.doc, body)))
    } else {
      Y.applyUpdate(this.doc, body, this)
      if (frame[1] === 1 && !this.isSynced) {
        this.isSynced = true
        this.lengthsWhenSynced.push(this.text.length)
      }
    }
  }
}
