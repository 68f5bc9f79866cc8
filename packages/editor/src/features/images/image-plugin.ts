/** Images on screen, and the bar over a selected one. */
import { NodeSelection, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { isNode } from '../../shape.ts'
import { mountLater } from '../../ui/later.ts'
import { ImageView } from './image-view.ts'

export function selectedImage(view: EditorView): NodeSelection | null {
  const { selection } = view.state
  const isImage = selection instanceof NodeSelection && isNode(selection.node, 'image')
  return isImage ? selection : null
}

export function imagePlugin(context: EditorContext): Plugin {
  return new Plugin({
    props: {
      nodeViews: { image: (node, view, getPos) => new ImageView(node, view, getPos) },
    },
    view: (view) => ({
      destroy: mountLater(
        context,
        () => selectedImage(view) !== null,
        ({ mountImageBar }) => mountImageBar(context, view),
      ),
    }),
  })
}
