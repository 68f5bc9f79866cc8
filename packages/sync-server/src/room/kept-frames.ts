/** Frames of one session that wait for their turn, in order. The bound is the caller's. */
import { copyOf } from '../copy.ts'

export class KeptFrames {
  readonly #frames: Uint8Array[] = []
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  get count(): number {
    return this.#frames.length
  }

  /** Keeps a copy. False, and nothing is kept, when that would be more than the bounds. */
  keep(frame: Uint8Array, bytesMax: number, framesMax: number): boolean {
    if (this.#bytes + frame.length > bytesMax || this.#frames.length >= framesMax) return false
    this.#bytes += frame.length
    this.#frames.push(copyOf(frame))
    return true
  }

  /** Hands out everything. */
  take(): readonly Uint8Array[] {
    this.#bytes = 0
    return this.#frames.splice(0)
  }
}
