/**
 * The carets and selections of others, drawn on a layer over the text. They are not part of the
 * document's DOM, so they never shift a line, cannot be selected, and cost the text nothing.
 *
 * The layer is a sibling of the editable element; its parent must be positioned. Classes for a
 * stylesheet: `quire-carets` (the layer), `quire-caret` with `data-client`, with `data-moved` while the
 * name is shown, `data-glides` when it has come from further away and few are there, and `data-turned`
 * where its name belongs to the left of it, `quire-caret-flag` (the name), `quire-selection`. The colour is the custom property
 * `--quire-caret-color` on each element.
 *
 * 1. A frame is asked for only when something drawn may move or come. In a long document most people
 *    are elsewhere, and each needless frame makes the next key wait for the one after it.
 * 2. A caret in content that the browser has left out of layout is not drawn, because asking where it is
 *    would lay that content out. It comes when the content does.
 * 3. In a frame everything is measured before anything is written: one layout, not one for each caret.
 * 4. When only people moved, and no text, only their carets are measured: one of 200 costs one.
 */
import { type Clock, systemClock } from '@quire/base'
import type { Node } from 'prosemirror-model'
import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { Awareness } from 'y-protocols/awareness'
import { belongsLeft, CaretFlags } from './caret-flags.ts'
import { type Place, personOf, placeOf } from './caret-state.ts'
import { changedChildren } from './changed-children.ts'
import { absoluteIn } from './caret-places.ts'
import { yBindingOf } from './y-prosemirror.ts'

/** Rectangles drawn for one selection; a whole long document selected needs no more to be seen. */
const rectanglesMax = 200
/** A caret glides over a longer way, so that the eye can follow; a letter's width is a step. */
const stepPxMax = 40
/** Among more carets none glides: no eye follows one of them, and the page looks at the styles of each that does in every frame. */
const glidersMax = 20

/** What is seen of one person, as measured. */
interface Seen {
  readonly clientId: number
  readonly state: Record<string, unknown>
  readonly left: number
  readonly top: number
  readonly height: number
  readonly isTurned: boolean
  readonly rectangles: readonly DOMRect[]
}

interface Drawn {
  readonly caret: HTMLElement
  readonly flag: HTMLElement
  selection: HTMLElement[]
  anchor: string
  left: number
  top: number
  height: number
  isTurned: boolean
  color: string
}

export function caretOverlayPlugin(awareness: Awareness, clock: Clock = systemClock): Plugin {
  return new Plugin({
    view(view) {
      const overlay = new CaretOverlay(view, awareness, clock)
      return { update: (_view, { doc }) => overlay.follow(doc), destroy: () => overlay.destroy() }
    },
  })
}

class CaretOverlay {
  readonly #view: EditorView
  readonly #awareness: Awareness
  readonly #flags: CaretFlags
  readonly #layer: HTMLElement
  readonly #drawn = new Map<number, Drawn>()
  readonly #resize: ResizeObserver | null
  #frame: number | null = null
  /** What the next frame has to look at: everybody, when text or layout may have moved, else who moved. */
  #stale: 'all' | Set<number> = new Set()
  /** Somebody's caret is in words that have not arrived yet. */
  #awaitsWords = false

  constructor(view: EditorView, awareness: Awareness, clock: Clock) {
    this.#view = view
    this.#awareness = awareness
    this.#flags = new CaretFlags(clock)
    this.#layer = view.dom.ownerDocument.createElement('div')
    this.#layer.className = 'quire-carets'
    this.#layer.setAttribute('aria-hidden', 'true')
    // The view is put into its place after its plugins are made.
    this.#resize =
      typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(this.#requestAll)
    this.#resize?.observe(view.dom)
    view.dom.addEventListener('contentvisibilityautostatechange', this.#requestAll)
    awareness.on('change', this.#hear)
    this.#requestAll()
  }

  /** The document may have changed: what is drawn may have moved. */
  follow(before: Node): void {
    const { doc } = this.#view.state
    if (doc === before || (this.#drawn.size === 0 && !this.#awaitsWords)) return
    const { left, right } = changedChildren(before, doc)
    const isOne = doc.childCount === before.childCount && left + right === doc.childCount - 1
    // Typing in a block that is out of layout moves nothing here.
    if (isOne && !this.#awaitsWords && !isLaidOut(blockAt(this.#view, left))) return
    this.#requestAll()
  }

  destroy(): void {
    if (this.#frame !== null) windowOf(this.#view).cancelAnimationFrame(this.#frame)
    this.#awareness.off('change', this.#hear)
    this.#resize?.disconnect()
    this.#view.dom.removeEventListener('contentvisibilityautostatechange', this.#requestAll)
    for (const clientId of [...this.#drawn.keys()]) this.#remove(clientId)
    this.#flags.destroy()
    this.#layer.remove()
  }

  readonly #requestAll = (): void => {
    this.#stale = 'all'
    this.#request()
  }

  #request(): void {
    this.#frame ??= windowOf(this.#view).requestAnimationFrame(() => {
      this.#frame = null
      this.#draw()
    })
  }

  /** Of those whose presence changed, only who is in sight, was, or may come to be is worth a frame. */
  readonly #hear = (change: Record<'added' | 'updated' | 'removed', readonly number[]>): void => {
    const clientIds = [...change.added, ...change.updated, ...change.removed]
    const isWorthIt = clientIds.some((clientId) => {
      if (clientId === this.#awareness.clientID) return false
      if (this.#drawn.has(clientId)) return true
      const place = this.#placeOf(clientId)
      return place === 'unknown' || (place !== null && this.#isLaidOut(place))
    })
    for (const clientId of clientIds) if (this.#stale !== 'all') this.#stale.add(clientId)
    if (isWorthIt) this.#request()
  }

  #draw(): void {
    const parent = this.#view.dom.parentElement
    if (!parent || this.#view.isDestroyed) return
    if (this.#layer.parentElement !== parent) parent.append(this.#layer)
    const origin = this.#layer.getBoundingClientRect()
    const states = this.#awareness.getStates()
    const stale = this.#stale
    this.#stale = new Set()
    if (stale === 'all') this.#awaitsWords = false
    const looked =
      stale === 'all'
        ? new Set([...states.keys(), ...this.#drawn.keys()])
        : new Set([...stale].filter((id) => states.has(id) || this.#drawn.has(id)))
    const seen = [...looked].flatMap((id) => this.#measure(id, origin))
    const ids = new Set(seen.map(({ clientId }) => clientId))
    for (const clientId of looked) if (!ids.has(clientId)) this.#remove(clientId)
    for (const one of seen) this.#write(one)
  }

  /** Null: shows no caret. `unknown`: in words that are not here, or not here yet. */
  #placeOf(clientId: number): Place | 'unknown' | null {
    const binding = yBindingOf(this.#view.state)
    const state = this.#awareness.getStates().get(clientId) as Record<string, unknown> | undefined
    if (!binding || !state?.['cursor']) return null
    const place = placeOf(state, (position) => absoluteIn(binding, position))
    if (!place) return 'unknown'
    const { size } = this.#view.state.doc.content
    return { anchor: Math.min(place.anchor, size), head: Math.min(place.head, size) }
  }

  /** A selection may be in sight with both its ends elsewhere. */
  #isLaidOut({ anchor, head }: Place): boolean {
    if (anchor !== head) return true
    return isLaidOut(this.#view.domAtPos(head).node)
  }

  #measure(clientId: number, origin: DOMRect): Seen[] {
    if (clientId === this.#awareness.clientID) return []
    const place = this.#placeOf(clientId)
    this.#awaitsWords ||= place === 'unknown'
    if (place === null || place === 'unknown' || !this.#isLaidOut(place)) return []
    const { anchor, head } = place
    const at = this.#view.coordsAtPos(head)
    const from = Math.min(anchor, head)
    const to = Math.max(anchor, head)
    const left = at.left - origin.left
    return [
      {
        clientId,
        state: this.#awareness.getStates().get(clientId) as Record<string, unknown>,
        left,
        top: at.top - origin.top,
        height: Math.max(at.bottom - at.top, 12),
        isTurned: belongsLeft(left, origin.width),
        rectangles: (from === to ? [] : rectanglesOf(this.#view, from, to)).map(
          ({ x, y, width, height }) => new DOMRect(x - origin.left, y - origin.top, width, height),
        ),
      },
    ]
  }

  #write({ clientId, state, left, top, height, isTurned, rectangles }: Seen): void {
    const { name, color } = personOf(state)
    const drawn = this.#drawn.get(clientId) ?? this.#make(clientId)
    const { caret, flag } = drawn
    if (drawn.left !== left || drawn.top !== top) {
      const isFar = Math.abs(left - drawn.left) + Math.abs(top - drawn.top) > stepPxMax
      caret.toggleAttribute('data-glides', isFar && this.#drawn.size <= glidersMax)
      caret.style.transform = `translate(${left}px, ${top}px)`
      drawn.left = left
      drawn.top = top
    }
    // A write of the same is a look at the styles, too.
    if (drawn.color !== color) caret.style.setProperty('--quire-caret-color', color)
    if (drawn.height !== height) caret.style.height = `${height}px`
    if (drawn.isTurned !== isTurned) caret.toggleAttribute('data-turned', isTurned)
    drawn.color = color
    drawn.height = height
    drawn.isTurned = isTurned
    if (flag.textContent !== name) flag.textContent = name
    const key = JSON.stringify(state['cursor'])
    if (drawn.anchor !== key) {
      drawn.anchor = key
      this.#flags.show(caret)
    }
    this.#writeSelection(drawn, rectangles, color)
  }

  #make(clientId: number): Drawn {
    const document = this.#view.dom.ownerDocument
    const caret = document.createElement('div')
    caret.className = 'quire-caret'
    caret.dataset['client'] = String(clientId)
    const flag = document.createElement('div')
    flag.className = 'quire-caret-flag'
    caret.append(flag)
    this.#layer.append(caret)
    // Where it is first, it has not come from anywhere.
    const nowhere = { left: Number.NaN, top: Number.NaN, height: Number.NaN }
    const unsaid = { anchor: '', color: '', isTurned: false }
    const drawn: Drawn = { caret, flag, selection: [], ...unsaid, ...nowhere }
    this.#drawn.set(clientId, drawn)
    return drawn
  }

  #writeSelection(drawn: Drawn, rectangles: readonly DOMRect[], color: string): void {
    while (drawn.selection.length > rectangles.length) drawn.selection.pop()?.remove()
    rectangles.forEach(({ x, y, width, height }, i) => {
      let part = drawn.selection[i]
      if (!part) {
        part = this.#view.dom.ownerDocument.createElement('div')
        part.className = 'quire-selection'
        this.#layer.append(part)
        drawn.selection.push(part)
      }
      part.style.setProperty('--quire-caret-color', color)
      part.style.transform = `translate(${x}px, ${y}px)`
      part.style.width = `${width}px`
      part.style.height = `${height}px`
    })
  }

  #remove(clientId: number): void {
    const drawn = this.#drawn.get(clientId)
    if (drawn) this.#flags.forget(drawn.caret)
    drawn?.caret.remove()
    for (const part of drawn?.selection ?? []) part.remove()
    this.#drawn.delete(clientId)
  }
}

function blockAt(view: EditorView, index: number): globalThis.Node | null {
  let pos = 0
  for (let i = 0; i < index; i++) pos += view.state.doc.child(i).nodeSize
  return view.nodeDOM(pos)
}

/** Where a browser cannot say, everything is. */
function isLaidOut(node: globalThis.Node | null): boolean {
  const element = node?.nodeType === 1 ? (node as Element) : node?.parentElement
  return element?.checkVisibility?.({ contentVisibilityAuto: true }) ?? true
}

function rectanglesOf(view: EditorView, from: number, to: number): DOMRect[] {
  const start = view.domAtPos(from, 1)
  const end = view.domAtPos(to, -1)
  const range = view.dom.ownerDocument.createRange()
  range.setStart(start.node, start.offset)
  range.setEnd(end.node, end.offset)
  // Blocks that lie wholly inside report their own box beside the boxes of their lines.
  return [...range.getClientRects()]
    .filter((rectangle) => rectangle.width > 0 && rectangle.height > 0 && rectangle.height < 80)
    .slice(0, rectanglesMax)
}

function windowOf(view: EditorView): Window {
  return view.dom.ownerDocument.defaultView ?? window
}
