/**
 * A colleague without a browser, who never does anything: the real provider and the real binding over a
 * test page, invisible to the others. What people do is shown here change by change, as in any other
 * editor; at the end it has to be the same document.
 *
 * Cheaper than a page by about a second a test, which is why it is none. What only a browser can get
 * wrong (drawing, carets, scrolling), the second page of the tests themselves finds.
 */
import { JSDOM } from 'jsdom'
import type { BlockJson } from './writer.ts'

export interface SilentColleague {
  /** The document as it is shown here. */
  json(): BlockJson
  /** Whether anything in the document was written here. Nothing may be. */
  hasWritten(): boolean
  close(): Promise<void>
}

/** `url` is the server's. Packages are loaded here: only workers have the `source` condition. */
export async function arriveSilently(url: string, document: string): Promise<SilentColleague> {
  const body = testPage()
  const [
    { createBinding, tableEditingPlugin },
    { createProvider },
    { EditorState },
    { EditorView },
    Y,
    { Awareness },
    { WebSocket },
  ] = await Promise.all([
    import('@quire/binding'),
    import('@quire/provider'),
    import('prosemirror-state'),
    import('prosemirror-view'),
    import('yjs'),
    import('y-protocols/awareness'),
    import('ws'),
  ])
  const doc = new Y.Doc()
  const awareness = new Awareness(doc)
  awareness.setLocalState(null)
  const provider = createProvider({
    url: `${url.replace('http', 'ws')}/sync`,
    document,
    doc,
    awareness,
    webSocket: WebSocket,
    page: new EventTarget(),
    pace: (task) => task(),
  })
  if (!provider.loaded) await new Promise<void>((done) => provider.on('loaded', () => done()))
  const binding = createBinding({ doc })
  const view = new EditorView(body, {
    state: EditorState.create({
      doc: binding.initialDoc,
      plugins: [...binding.plugins, tableEditingPlugin()],
    }),
  })
  const detach = binding.attach(view)
  return {
    json: () => view.state.doc.toJSON() as BlockJson,
    hasWritten: () => doc.store.clients.has(doc.clientID),
    async close() {
      detach()
      view.destroy()
      binding.destroy()
      await provider.close()
      awareness.destroy()
      doc.destroy()
    },
  }
}

let page: JSDOM | undefined

/** ProseMirror asks for its page by these names; one serves all tests of a worker. */
function testPage(): HTMLElement {
  if (page === undefined) {
    page = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true })
    const { window } = page
    const { document, Event } = window
    Object.assign(globalThis, { window, document, Event })
  }
  return page.window.document.body
}
