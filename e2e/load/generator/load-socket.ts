/**
 * One client of the load: opens a socket to a document, does the opening exchange of its dialect, and
 * hands on what comes. Holds no document; `holds` says what it claims to have.
 */
import { ByteCursor } from './byte-cursor.ts'
import { FrameMaker, vectorOf } from './client-frame.ts'
import type { Holding, Target } from './commands.ts'
import { RawSocket } from './raw-socket.ts'

export interface LoadSocketOptions {
  readonly target: Target
  readonly document: string
  readonly holds: Holding | undefined
  /** An update, as a view that is valid during the call. The first answer to the socket's question has `isAnswer`. */
  readonly onUpdate: (update: Uint8Array, isAnswer: boolean) => void
  readonly onPresence?: (entries: Uint8Array) => void
  /** The first `count` sync frames that were sent are on disk. */
  readonly onSaved?: (count: number) => void
  /** The handshake is over and the opening exchange is on its way. */
  readonly onOpen?: () => void
  readonly onClose?: (code: number, reason: string) => void
}

const type = { sync: 0, presence: 1, syncReply: 4, saved: 17 } as const
const step1 = 0
const step2 = 1
const cursor = new ByteCursor()
const nothing = Uint8Array.of(0, 0)

export class LoadSocket {
  readonly frames: FrameMaker
  readonly raw: RawSocket
  readonly #options: LoadSocketOptions
  /** Sync frames sent on this connection, as the server's acknowledgement counts them. */
  syncFramesSent = 0
  framesIn = 0

  constructor(options: LoadSocketOptions) {
    this.#options = options
    const { target, document } = options
    const { dialect, host, port, pathPrefix } = target
    this.frames = new FrameMaker(dialect, document)
    this.raw = new RawSocket({
      host,
      port,
      path: dialect === 'hocuspocus' ? pathPrefix : `${pathPrefix}${encodeURIComponent(document)}`,
      protocol: dialect === 'quire' ? 'quire.v1' : undefined,
      onOpen: () => this.#open(),
      onFrame: (frame) => this.#receive(frame),
      onClose: (code, reason) => options.onClose?.(code, reason),
    })
  }

  sendUpdate(update: Uint8Array): void {
    this.#sendSync(this.frames.update(update))
  }

  #sendSync(frame: Buffer): void {
    this.syncFramesSent += 1
    this.raw.write(frame)
  }

  #open(): void {
    const { target, holds } = this.#options
    if (target.dialect === 'hocuspocus') this.raw.write(this.frames.token())
    // A relay passes every frame on to everybody: questions to a server would be questions to people.
    if (target.dialect !== 'relay') {
      this.#sendSync(this.frames.step1(holds ? vectorOf(holds.clocks) : Uint8Array.of(0)))
    }
    this.#options.onOpen?.()
  }

  #receive(frame: Uint8Array): void {
    this.framesIn += 1
    const at = this.frames.prefixBytes
    const kind = frame[at]
    if (kind === type.sync || kind === type.syncReply) {
      const subtype = frame[at + 1]
      const body = cursor.over(frame, at + 2).varBytes()
      if (subtype === step1) this.#answer(body)
      else this.#options.onUpdate(body, subtype === step2)
    } else if (kind === type.presence) {
      this.#options.onPresence?.(cursor.over(frame, at + 1).varBytes())
    } else if (kind === type.saved && this.#options.target.dialect === 'quire') {
      this.#options.onSaved?.(cursor.over(frame, at + 1).varUint())
    }
  }

  /** The server says what it has; the answer is what it lacks of what this client holds. */
  #answer(vector: Uint8Array): void {
    const { holds } = this.#options
    this.#sendSync(this.frames.step2(holds && lacks(vector, holds) ? holds.update : nothing))
  }
}

function lacks(vector: Uint8Array, { clocks }: Holding): boolean {
  const known = new Map<number, number>()
  const cursor = new ByteCursor().over(vector)
  for (let count = cursor.varUint(); count > 0; count--)
    known.set(cursor.varUint(), cursor.varUint())
  return [...clocks].some(([client, clock]) => (known.get(client) ?? 0) < clock)
}
