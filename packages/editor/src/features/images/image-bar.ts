/** The bar over a selected image: place, size, description, delete. */
import { Captions, Maximize2, TextAlignCenter, TextAlignEnd, TextAlignStart, Trash2 } from 'lucide'
import { NodeSelection, Plugin } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { type Align, isNode } from '../../shape.ts'
import type { Icon } from '../../ui/icon.ts'
import { type BarButton, mountFloatingBar } from '../../ui/floating-bar.ts'
import { openAltDialog } from './image-dialog.ts'
import { ImageView } from './image-view.ts'

function selectedImage(view: EditorView): NodeSelection | null {
  const { selection } = view.state
  const isImage = selection instanceof NodeSelection && isNode(selection.node, 'image')
  return isImage ? selection : null
}

function alignButton(align: Align, label: string, icon: Icon): BarButton {
  return {
    label,
    icon,
    isOn: (view) => (selectedImage(view)?.node.attrs['align'] ?? 'center') === align,
    run: (view) => {
      const image = selectedImage(view)
      if (!image) return
      const tr = view.state.tr.setNodeAttribute(
        image.from,
        'align',
        align === 'center' ? null : align,
      )
      view.dispatch(tr.setSelection(NodeSelection.create(tr.doc, image.from)))
      view.focus()
    },
  }
}

export function imageBarPlugin(context: EditorContext): Plugin {
  const groups: readonly (readonly BarButton[])[] = [
    [
      alignButton('left', 'Place left', TextAlignStart),
      alignButton('center', 'Place in the middle', TextAlignCenter),
      alignButton('right', 'Place right', TextAlignEnd),
    ],
    [
      {
        label: 'Original size',
        icon: Maximize2,
        isEnabled: (view) => selectedImage(view)?.node.attrs['width'] != null,
        run: (view) => {
          const image = selectedImage(view)
          if (image) view.dispatch(view.state.tr.setNodeAttribute(image.from, 'width', null))
        },
      },
      {
        label: 'Description',
        icon: Captions,
        isOn: (view) => Boolean(selectedImage(view)?.node.attrs['alt']),
        run: (view, button) =>
          openAltDialog(context, view, {
            anchor: button,
            positionOf: () => selectedImage(view)?.from,
          }),
      },
    ],
    [
      {
        label: 'Delete image',
        icon: Trash2,
        isDangerous: true,
        run: (view) => {
          view.dispatch(view.state.tr.deleteSelection().scrollIntoView())
          view.focus()
        },
      },
    ],
  ]
  return new Plugin({
    props: {
      nodeViews: { image: (node, view, getPos) => new ImageView(node, view, getPos) },
    },
    view(view) {
      const unmount = mountFloatingBar(context, view, {
        label: 'Image',
        groups,
        anchorFor: () => {
          const image = selectedImage(view)
          const dom = image ? view.nodeDOM(image.from) : null
          return dom instanceof HTMLElement
            ? (dom.querySelector('.quire-image-frame') ?? dom)
            : null
        },
      })
      return { destroy: unmount }
    },
  })
}
