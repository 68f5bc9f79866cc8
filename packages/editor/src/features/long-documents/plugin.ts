/**
 * Long documents. What a key costs in a browser grows with the number of blocks that lie beside each
 * other, and with the number that it watches for `content-visibility`. From some length on the blocks
 * are therefore laid out in chunks (`chunk-tree.ts`) where the browser is known to edit well in them;
 * elsewhere each block is left out of layout by itself while it is off the screen.
 */
import { drawnEvent } from '@quire/binding'
import type { ResolvedPos } from 'prosemirror-model'
import { Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { ChunkTree } from './chunk-tree.ts'

/** From this many top-level blocks on, blocks outside the screen are not laid out. */
const manyBlocks = 200

/** Must stand before plugins that measure in their `update`: a new block has no place before it is in a chunk. */
export function longDocumentPlugin(): Plugin {
  const canChunk = editsInChunks()
  return new Plugin({
    props: {
      attributes: (state) => ({
        'data-blocks': state.doc.childCount <= manyBlocks ? 'few' : canChunk ? 'chunks' : 'many',
      }),
    },
    view(view) {
      let tree: ChunkTree | null = null
      const update = (): void => {
        const isLong = view.state.doc.childCount > manyBlocks
        if (!tree && canChunk && isLong) tree = new ChunkTree(view.dom)
        tree?.update()
        const { $anchor, $head } = view.state.selection
        tree?.keepNear(blockAt(view, $anchor), blockAt(view, $head))
      }
      // A selection put into blocks that are in no chunk yet makes Chromium look for a place through all of them.
      const assign = (): void => tree?.update()
      view.dom.addEventListener(drawnEvent, assign)
      update()
      return {
        update,
        destroy() {
          view.dom.removeEventListener(drawnEvent, assign)
          tree?.destroy()
        },
      }
    },
  })
}

/** The top-level block around or after a position, on screen. */
function blockAt(view: EditorView, $pos: ResolvedPos): ChildNode | null {
  return view.nodeDOM($pos.depth > 0 ? $pos.before(1) : $pos.pos) as ChildNode | null
}

/**
 * Whether this browser keeps carets, selections and input right across slots: Chromium on a desktop,
 * tested. Firefox cannot move a caret from one slot to the next; phones edit by themselves, before we
 * hear of it.
 */
function editsInChunks(): boolean {
  if (typeof HTMLSlotElement === 'undefined' || !('assign' in HTMLSlotElement.prototype)) {
    return false
  }
  const { userAgent } = navigator
  return /Chrome\/\d/.test(userAgent) && !/\bAndroid\b/.test(userAgent)
}
