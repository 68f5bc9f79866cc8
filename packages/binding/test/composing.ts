/**
 * Turns of people who compose with an input method in a round of the fuzz: drawn from a generator of its
 * own and as plain data, so that they can be printed and played again.
 */
import { unreachable } from '@quire/base'
import type { RandomEdit, SeededRandom } from '@quire/testkit'
import { heldLineOf } from '../src/held-line.ts'
import { yBindingOf } from '../src/y-prosemirror.ts'
import { compose, type Composer, send } from './composer.ts'
import type { Peer } from './peers.ts'
import { perform } from './perform-edit.ts'

export type Composing =
  /** Begins at a place, with the first letters. */
  | { readonly what: 'begin'; readonly at: number; readonly text: string }
  /** What is composed becomes these letters. */
  | { readonly what: 'update'; readonly text: string }
  | { readonly what: 'end'; readonly text: string }
  | { readonly what: 'cancel' }
  /** The letters, and the focus goes elsewhere. */
  | { readonly what: 'blur'; readonly text: string }

export class Composers {
  readonly #composers = new Map<Peer, Composer>()

  /** What somebody has composed so far, and takes away by composing something else. */
  textOf(peer: Peer): string {
    return this.#composers.get(peer)?.standing() ?? ''
  }

  has(peer: Peer): boolean {
    return this.#composers.has(peer)
  }

  /** False when it does not apply there. */
  perform(peer: Peer, composing: Composing): boolean {
    if (composing.what === 'begin') {
      if (!peer.content.resolve(composing.at).parent.inlineContent) return false
      perform(peer, { kind: 'select', anchor: composing.at, head: composing.at })
      const composer = compose(peer)
      this.#composers.set(peer, composer)
      composer.update(composing.text)
      return true
    }
    const composer = this.#composers.get(peer)
    if (!composer) return false
    if (composing.what !== 'update') this.#composers.delete(peer)
    switch (composing.what) {
      case 'update':
        composer.update(composing.text)
        return true
      case 'end':
        composer.end(composing.text)
        return true
      case 'cancel':
        composer.cancel()
        return true
      case 'blur':
        composer.update(composing.text)
        send(peer.view, 'blur')
        return true
      default:
        return unreachable(composing)
    }
  }

  /** All that is composed is chosen as it stands. */
  endAll(): void {
    for (const [peer, composer] of this.#composers) {
      composer.end()
      // What a browser's turn would do.
      peer.edit((tr) => tr)
    }
    this.#composers.clear()
  }
}

/** What somebody does in the place of `edit`; undefined when they do that. */
export function drawComposing(
  random: SeededRandom,
  edit: RandomEdit,
  isComposing: boolean,
  newLetters: (text: string) => string,
): Composing | undefined {
  if (!isComposing) {
    if (edit.kind !== 'type' || random.chance(0.5)) return undefined
    return { what: 'begin', at: edit.at, text: newLetters('a') }
  }
  if (random.chance(0.3)) return undefined
  const text = newLetters('ab'.slice(0, 1 + random.below(2)))
  const what = random.below(10)
  if (what < 5) return { what: 'update', text }
  if (what < 8) return { what: 'end', text }
  return what === 8 ? { what: 'cancel' } : { what: 'blur', text }
}

/** Whether a line is held back from what colleagues do in it: then view and shared document differ. */
export function isHeld(peer: Peer): boolean {
  const binding = yBindingOf(peer.view.state)
  return binding !== undefined && heldLineOf(binding) !== undefined
}
