/**
 * The network of the page: a middle that has what reached it, and a link from it to each person.
 * Everybody's edits go through the middle, as they go through a server.
 */
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { fingerprintOf } from '../document-lines.ts'
import { Link, type LinkPorts, type Travel } from './link.ts'
import { speakOver } from './speak.ts'

export interface LinkTravel extends Travel {
  readonly link: number
}

export class Network {
  readonly #ports: LinkPorts
  readonly #doc = new Y.Doc()
  readonly #awareness = new Awareness(this.#doc)
  readonly #links: { readonly link: Link; readonly hangUp: () => void }[] = []
  readonly #listeners = new Set<(travel: LinkTravel) => void>()

  /** `content`: what everybody finds, as a Yjs update. */
  constructor(ports: LinkPorts, content: Uint8Array) {
    this.#ports = ports
    Y.applyUpdate(this.#doc, content)
    // The middle is nobody.
    this.#awareness.setLocalState(null)
  }

  get links(): readonly Link[] {
    return this.#links.map(({ link }) => link)
  }

  /** Of what has reached the middle. */
  fingerprint(): string {
    return fingerprintOf(this.#doc)
  }

  /** A new link, the last of `links`. */
  join(): Link {
    const number = this.#links.length
    const link = new Link(this.#ports, (travel) => {
      for (const listener of this.#listeners) listener({ ...travel, link: number })
    })
    this.#links.push({ link, hangUp: speakOver(link.middle, this.#doc, this.#awareness) })
    return link
  }

  /** Takes the last link away. */
  part(): void {
    const last = this.#links.pop()
    last?.hangUp()
    last?.link.close()
  }

  /** Nothing is on its way, and no link is cut. */
  get isSettled(): boolean {
    return this.links.every(
      (link) =>
        !link.knobs.isCut && link.waitingCount('up') === 0 && link.waitingCount('down') === 0,
    )
  }

  onTravel(listener: (travel: LinkTravel) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
