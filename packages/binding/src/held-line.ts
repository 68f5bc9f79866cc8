/**
 * The line in which somebody composes, while the view still shows it as it was before a colleague's edit
 * in it. The shared document has that edit already. So what is typed meanwhile cannot be written by
 * counting; it is written beside the very signs that it was typed beside, and these are known by their ids.
 *
 * 1. There is one id for each sign of the line that the view shows, in order, also for signs that a
 *    colleague has taken away.
 * 2. What the view shows of the line is what was shared when it was read, and what was written since.
 * 3. A sign that a colleague has moved to another line is followed there.
 * 4. Beside a sign that is gone for good nothing is written as long as a neighbour is still there.
 *
 * Length: one line, and all that is asked of it while it is held.
 */
import { Mark, type Node, type ResolvedPos, Slice } from 'prosemirror-model'
import { ReplaceStep, type Step } from 'prosemirror-transform'
import * as Y from 'yjs'
import { insertWords } from './insert-words.ts'
import type { PinnedMapping } from './pinned-mapping.ts'
import { attributesOf, isStoredByName } from './shared-marks.ts'
import {
  elementsAround,
  isGone,
  isLive,
  itemOf,
  itemsBetween,
  keyOf,
  placeBeside,
  type TextPlace,
} from './signs.ts'
import { forget, type YBinding } from './y-prosemirror.ts'

/** A line longer than this is not held: its signs are counted at every remote edit while somebody composes. */
const heldLineSignsMax = 20_000

/** Where a moved sign is now; undefined when it is nowhere. */
export type LiveOf = (sign: Y.ID) => Y.ID | undefined

/** Signs of a line that its reader does not see. */
export interface Hidden {
  readonly element: Y.XmlElement
  /** Each by its `keyOf`. */
  readonly signs: ReadonlySet<string>
}

export interface LocalStep {
  readonly step: Step
  readonly before: Node
}

const held = new WeakMap<YBinding, HeldLine>()

/** The line of this binding that is held now. */
export function heldLineOf(binding: YBinding): HeldLine | undefined {
  return held.get(binding)
}

export class HeldLine {
  readonly element: Y.XmlElement
  readonly #binding: YBinding
  readonly #mapping: PinnedMapping
  readonly #liveOf: LiveOf
  readonly #signs: Y.ID[]
  /** Lines to which a colleague moved signs, and that were written in here: the view does not know it. */
  readonly #others = new Set<Y.XmlElement>()
  #node: Node

  private constructor(
    binding: YBinding,
    mapping: PinnedMapping,
    element: Y.XmlElement,
    line: { readonly node: Node; readonly signs: Y.ID[]; readonly liveOf: LiveOf },
  ) {
    this.#binding = binding
    this.#mapping = mapping
    this.element = element
    this.#node = line.node
    this.#signs = line.signs
    this.#liveOf = line.liveOf
  }

  /** The line around a place while view and shared document agree on it; undefined when there is none that can be held. */
  static read(
    binding: YBinding,
    mapping: PinnedMapping,
    path: readonly Y.XmlElement[] | undefined,
    $pos: ResolvedPos,
    liveOf: LiveOf,
  ): HeldLine | undefined {
    const element = path?.at(-1)
    const node = $pos.parent
    if (!element || !node.isTextblock || node.content.size > heldLineSignsMax) return undefined
    const signs = signsOf(binding, element)
    if (signs?.length !== node.content.size) return undefined
    return new HeldLine(binding, mapping, element, { node, signs, liveOf })
  }

  /** What the view shows. */
  get node(): Node {
    return this.#node
  }

  /** From here on the view shows the line as it is now, whatever arrives. */
  hold(): void {
    this.#mapping.pin(this.element, this.#node)
    held.set(this.#binding, this)
  }

  /** It is shown as it is shared, with every line that it was written in, the next time that anything is shown. Idempotent. */
  letGo(): void {
    if (held.get(this.#binding) !== this) return
    held.delete(this.#binding)
    this.#mapping.unpin(this.element)
    forget(this.#binding, this.element)
    for (const element of this.#others) forget(this.#binding, element)
  }

  get isGone(): boolean {
    return isGone(this.element)
  }

  /** What of the line is shared and the view does not show. */
  hidden(): Hidden {
    // Where a colleague has written again what is shown, that is no news.
    const shown = new Set(this.#signs.map((sign) => keyOf(this.#liveSign(sign) ?? sign)))
    // What has not been shown yet (a formula that a colleague put in) has no size, but what stands beside it counts.
    const signs = idsIn(this.element)
    return {
      element: this.element,
      signs: new Set(signs.map(keyOf).filter((sign) => !shown.has(sign))),
    }
  }

  /** Whether all of these steps, made one after the other, only type and delete text in this line. */
  canWrite(steps: readonly LocalStep[]): boolean {
    const first = steps[0]
    if (!(first?.step instanceof ReplaceStep)) return false
    const $first = first.before.resolve(first.step.from)
    if ($first.parent !== this.#node || !this.#placeAt($first.parentOffset)) return false
    return steps.every(({ step, before }) => {
      if (!(step instanceof ReplaceStep)) return false
      const { from, to, slice } = step
      const $from = before.resolve(from)
      if ($from.start() !== $first.start() || to > $from.end()) return false
      if (slice.openStart > 0 || slice.openEnd > 0) return false
      if (!slice.content.content.every((node) => node.isText && isStoredByName(node))) return false
      let isText = true
      before.nodesBetween(from, to, (node) => {
        if (node.isInline && !node.isText) isText = false
      })
      return isText
    })
  }

  /** Writes a step for which {@link canWrite} said yes. Call it inside `binding.mux` and a shared transaction. */
  write(transaction: Y.Transaction, { step, before }: LocalStep, after: Node): void {
    if (!(step instanceof ReplaceStep)) return
    const { from, to, slice } = step
    const $before = before.resolve(from)
    const offset = $before.parentOffset
    const marks = $before.marks()
    for (const sign of this.#signs.slice(offset, offset + to - from)) this.#take(sign)
    const made: Y.ID[] = []
    const place = this.#placeAt(offset) ?? this.#newPlace()
    this.#note(place)
    let { index } = place
    slice.content.forEach((node) => {
      const words = node.text ?? ''
      // Words like those on their left also become what a colleague has made of these.
      const attributes = Mark.sameSet(node.marks, marks) ? undefined : attributesOf(node)
      insertWords(transaction, place.text, index, words, attributes)
      for (const { id, length } of itemsBetween(place.text, index, index + words.length)) {
        for (let i = 0; i < length; i++) made.push(Y.createID(id.client, id.clock + i))
      }
      index += words.length
    })
    this.#signs.splice(offset, to - from, ...made)
    const $from = after.resolve(from)
    this.#node = $from.parent
    this.hold()
    this.#mapping.set(this.#binding.type, after)
    const around = elementsAround(this.element).reverse()
    around.forEach((element, i) => this.#mapping.set(element, $from.node(i + 1)))
  }

  /**
   * The same changes as seen from the view: after them the line, whose content begins at `start`, has the
   * signs of the shared one. Sign by sign, because a comparison of words would move what stands between two
   * changes. From the back, so that no step moves another one. Call it when the line is shared as `shared`.
   */
  stepsTo(shared: Node, start: number): ReplaceStep[] {
    const now = signsOf(this.#binding, this.element)
    if (now?.length !== shared.content.size) return []
    const offsets = new Map(this.#signs.map((sign, offset) => [keyOf(sign), offset]))
    const steps: ReplaceStep[] = []
    let from = 0
    let freshFrom = 0
    const change = (to: number, freshTo: number): void => {
      if (to === from && freshTo === freshFrom) return
      const slice = new Slice(shared.content.cut(freshFrom, freshTo), 0, 0)
      steps.push(new ReplaceStep(start + from, start + to, slice))
    }
    now.forEach((sign, i) => {
      const offset = offsets.get(keyOf(sign))
      if (offset === undefined || offset < from) return
      change(offset, i)
      from = offset + 1
      freshFrom = i + 1
    })
    change(this.#signs.length, now.length)
    return steps.reverse()
  }

  /** A place in the line as others find it. With `keepsLeft` it stays behind the sign on its left. */
  relativeAt(offset: number, keepsLeft: boolean): Y.RelativePosition {
    const left = this.#signs[offset - 1]
    const right = this.#signs[offset]
    if (right && !(keepsLeft && left)) return positionAt(this.#liveSign(right) ?? right, 0)
    if (left) return positionAt(this.#liveSign(left) ?? left, -1)
    return Y.createRelativePositionFromTypeIndex(this.element, 0, -1)
  }

  /** Where a place of the shared line is in the line that the view shows; undefined when it is in another one. */
  offsetOf(position: Y.RelativePosition): number | undefined {
    const { doc } = this.#binding
    const found = Y.createAbsolutePositionFromRelativePosition(position, doc)
    const parent = found?.type === this.element ? this.element : found?.type._item?.parent
    if (parent !== this.element) return undefined
    if (!position.item) return position.assoc >= 0 ? this.#signs.length : 0
    const at = itemOf(doc, position.item)
    let id: Y.ID | null = position.item
    let isExact = true
    for (let item = at; item && id; item = item.left ?? undefined) {
      for (let clock: number = id.clock; clock >= item.id.clock; clock--) {
        const offset = this.#indexOf(item.id.client, clock)
        if (offset >= 0) return isExact && position.assoc >= 0 ? offset : offset + 1
        isExact = false
      }
      id = item.left && item.left.lastId
    }
    return 0
  }

  #indexOf(client: number, clock: number): number {
    return this.#signs.findIndex((sign) => sign.client === client && sign.clock === clock)
  }

  #liveSign(sign: Y.ID): Y.ID | undefined {
    return isLive(this.#binding.doc, sign) ? sign : this.#liveOf(sign)
  }

  /** Where to write what is typed at an offset: behind the nearest sign on the left that is still there, else before one on the right. */
  #placeAt(offset: number): TextPlace | undefined {
    const { doc } = this.#binding
    for (let i = offset - 1; i >= 0; i--) {
      const live = this.#liveSign(this.#signs[i] as Y.ID)
      // What is typed behind a break in the line has a text of its own, or none yet.
      if (live) return placeBeside(doc, live, 1) ?? this.#placeBefore(offset)
    }
    return this.#placeBefore(offset) ?? this.#emptyPlace()
  }

  #placeBefore(offset: number): TextPlace | undefined {
    const right = this.#signs[offset]
    const live = right && this.#liveSign(right)
    return live && placeBeside(this.#binding.doc, live, 0)
  }

  #emptyPlace(): TextPlace | undefined {
    if (this.isGone) return undefined
    const text = this.element.toArray().find((child) => child instanceof Y.XmlText)
    return text instanceof Y.XmlText ? { text, index: 0 } : undefined
  }

  #newPlace(): TextPlace {
    const text = new Y.XmlText()
    this.element.insert(0, [text])
    return { text, index: 0 }
  }

  #take(sign: Y.ID): void {
    const live = this.#liveSign(sign)
    const place = live && placeBeside(this.#binding.doc, live, 0)
    if (!place) return
    place.text.delete(place.index, 1)
    this.#note(place)
  }

  #note({ text }: TextPlace): void {
    const { parent } = text
    if (parent instanceof Y.XmlElement && parent !== this.element) this.#others.add(parent)
  }
}

/** One id for each sign of a line; undefined when it holds something whose size is not known. */
function signsOf(binding: YBinding, element: Y.XmlElement): Y.ID[] | undefined {
  const isCounted = (child: unknown): boolean => {
    if (child instanceof Y.XmlText) return true
    const node = binding.mapping.get(child as Y.XmlElement)
    return node !== undefined && !Array.isArray(node) && node.nodeSize === 1
  }
  return element.toArray().every(isCounted) ? idsIn(element) : undefined
}

/** The ids of all that is in a line: of each letter, and of whatever else stands there. */
function idsIn(element: Y.XmlElement): Y.ID[] {
  return element.toArray().flatMap((child) => {
    const parts =
      child instanceof Y.XmlText
        ? itemsBetween(child, 0, child.length)
        : child._item
          ? [{ id: child._item.id, length: 1 }]
          : []
    return parts.flatMap(({ id, length }) =>
      Array.from({ length }, (_, i) => Y.createID(id.client, id.clock + i)),
    )
  })
}

function positionAt({ client, clock }: Y.ID, assoc: 0 | -1): Y.RelativePosition {
  return new Y.RelativePosition(null, null, Y.createID(client, clock), assoc)
}
