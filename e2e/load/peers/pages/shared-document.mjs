/**
 * What the pages of both editors need: the document over the server that the address names, and what the
 * benchmark finds at `window.peer` once the editor shows the document:
 *
 * - `caretInto(blockIndex)` puts the caret into the middle of a block's text, in sight and with the focus;
 * - `remoteUpdateCount()` counts the changes of others that came since.
 */
import { TextSelection } from 'prosemirror-state'
import { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'

/** Resolves when everything that the server has is here. */
export async function openShared() {
  const asked = new URLSearchParams(location.search)
  const doc = new Y.Doc()
  const provider = new WebsocketProvider(asked.get('sync'), asked.get('document'), doc, {
    disableBc: true,
  })
  await new Promise((resolve) => {
    provider.on('sync', (isSynced) => {
      if (isSynced) resolve()
    })
  })
  return { doc, provider }
}

/** Tells the benchmark that the editor shows the document in `view`, a ProseMirror view. */
export function ready({ doc, provider }, view) {
  let count = 0
  doc.on('update', (_update, origin) => {
    if (origin === provider) count += 1
  })
  const caretInto = (blockIndex) => {
    let at
    let index = 0
    view.state.doc.descendants((node, pos) => {
      if (!node.isTextblock) return true
      if (index === blockIndex) at = pos + 1 + Math.floor(node.content.size / 2)
      index += 1
      return false
    })
    view.focus()
    const selection = TextSelection.create(view.state.doc, at)
    view.dispatch(view.state.tr.setSelection(selection).scrollIntoView())
  }
  window.peer = { caretInto, remoteUpdateCount: () => count }
}
