/** The bar over a selected image: place, size, description, delete. */
import {
  Accessibility,
  Captions,
  Maximize2,
  TextAlignCenter,
  TextAlignEnd,
  TextAlignStart,
  Trash2,
} from 'lucide'
import { NodeSelection } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { commandOf } from '../../edit.ts'
import type { EditorContext } from '../../feature.ts'
import type { Align } from '../../shape.ts'
import type { Icon } from '../../ui/icon.ts'
import { type BarButton, mountFloatingBar } from '../../ui/floating-bar.ts'
import { captionBehind, writeCaption } from './caption.ts'
import { openAltDialog } from './image-dialog.ts'
import { selectedImage } from './image-plugin.ts'

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

/** Returns its removal. */
export function mountImageBar(context: EditorContext, view: EditorView): () => void {
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
        label: 'Caption',
        icon: Captions,
        isOn: (view) => {
          const image = selectedImage(view)
          return image !== null && captionBehind(view.state.doc, image.to) !== null
        },
        run: (view) => {
          commandOf(writeCaption)(view.state, view.dispatch)
          view.focus()
        },
      },
      {
        label: 'Description',
        icon: Accessibility,
        isOn: (view) => Boolean(selectedImage(view)?.node.attrs['alt']),
        run: (view, anchor) => {
          const words = String(selectedImage(view)?.node.attrs['alt'] ?? '')
          openAltDialog(context, anchor, words, (alt) => {
            // Asked again: the document may have moved while somebody thought about the words.
            const image = selectedImage(view)
            if (image) view.dispatch(view.state.tr.setNodeAttribute(image.from, 'alt', alt))
            view.focus()
          })
        },
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
  return mountFloatingBar(context, view, {
    label: 'Image',
    groups,
    anchorFor: () => {
      const image = selectedImage(view)
      const dom = image ? view.nodeDOM(image.from) : null
      return dom instanceof HTMLElement ? (dom.querySelector('.quire-image-frame') ?? dom) : null
    },
  })
}
