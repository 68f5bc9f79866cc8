/**
 * Changes the text node in which the browser composes. A browser keeps a composition as a range of that
 * node: text that is inserted or deleted beside the range moves it, while a node that gets a new value
 * loses it, and the next key types everything composed so far a second time. prosemirror-view gives nodes
 * a new value, but leaves alone what has the right one; so the letters are put there before it looks.
 */
import type { ReplaceStep } from 'prosemirror-transform'
import type { EditorView } from 'prosemirror-view'
import { Mark } from 'prosemirror-model'

/**
 * Does to the text node with the caret what `steps` do to the document, as far as they only change text
 * of that node. `steps` come from the back, and must be dispatched in the same turn.
 */
export function changeComposedText(view: EditorView, steps: readonly ReplaceStep[]): void {
  const { doc, selection } = view.state
  const { node } = view.domAtPos(selection.head)
  if (!isText(node)) return
  const start = view.posAtDOM(node, 0)
  const end = start + node.data.length
  const shown = doc.nodeAt(start)
  if (!shown?.isText || doc.textBetween(start, Math.min(end, doc.content.size)) !== node.data)
    return
  for (const { from, to, slice } of steps) {
    const isLike = slice.content.content.every(
      (inserted) => inserted.isText && Mark.sameSet(inserted.marks, shown.marks),
    )
    if (!isLike || from < start || to > end) continue
    const words = slice.content.textBetween(0, slice.content.size)
    // Not one `replaceData`: at its edge a range grows.
    if (to > from) node.deleteData(from - start, to - from)
    if (words !== '') node.insertData(from - start, words)
  }
}

/** What prosemirror-view does not promise: reading what was typed into the state now. */
interface Watcher {
  readonly domObserver?: { forceFlush(): void; flush(): void }
}

/**
 * Reads what the browser has written and the view has not: on Android it waits for a moment. Whatever is
 * shown before that would be written over it.
 */
export function readTyped(view: EditorView): void {
  const { domObserver } = view as unknown as Watcher
  domObserver?.forceFlush()
  domObserver?.flush()
}

function isText(node: globalThis.Node): node is Text {
  return node.nodeType === 3
}
