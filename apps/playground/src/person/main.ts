/** The window of one person: a Y.Doc, a real editor over it, and a link to the others. */
import '../style/person.css'
import { systemClock } from '@quire/base'
import { createEditor } from '@quire/editor'
import '@quire/editor/style.css'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'
import { fingerprintOf, insideOf } from '../document-lines.ts'
import { speakOver } from '../network/speak.ts'
import type { Person, Playground } from '../window.ts'
import { Highlights } from './highlights.ts'
import { keepOwnFocus } from './own-focus.ts'
import { shadowPlace } from './shadow-place.ts'
import { Typist } from './typist.ts'

const index = Number(new URLSearchParams(location.search).get('index') ?? 0)
const playground = window.parent.playground
if (playground === undefined) document.body.textContent = 'This page is one part of the playground.'
else arrive(playground)

function arrive(playground: Playground): void {
  const { name, color, clientId, link } = playground.seat(index)
  document.title = name
  keepOwnFocus(window, systemClock)
  const doc = new Y.Doc()
  doc.clientID = clientId
  const awareness = new Awareness(doc)
  const user = { name, color }
  const listeners = new Set<() => void>()
  const hangUp = speakOver(link, doc, awareness)

  /** An editor over a document that is still empty would show it as one empty block. */
  const begin = (): void => {
    if (doc.store.clients.size === 0) return
    doc.off('update', begin)
    const isInShadow = new URLSearchParams(window.parent.location.search).has('shadow')
    const place = isInShadow ? shadowPlace(document.body) : document.body
    const editor = createEditor(place, {
      doc,
      awareness,
      user,
      label: `${name}’s document`,
    })
    const person: Person = {
      name,
      doc,
      awareness,
      editor,
      typist: new Typist(editor, systemClock),
      highlights: new Highlights(editor),
      inside: () => insideOf(doc),
      fingerprint: () => fingerprintOf(doc),
      onChange: (listener) => listeners.add(listener),
    }
    window.person = person
    for (const event of ['change', 'selection'] as const) {
      editor.on(event, () => listeners.forEach((listener) => listener()))
    }
    doc.on('update', () => listeners.forEach((listener) => listener()))
    playground.enter(index, person)
    window.addEventListener('pagehide', () => {
      person.typist.stop()
      hangUp()
      editor.destroy()
    })
  }
  doc.on('update', begin)
  begin()
}
