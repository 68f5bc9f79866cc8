/** Asks for an image, by address or upload, and inserts it. */
import { commandOf } from '../../edit.ts'
import type { EditorContext } from '../../feature.ts'
import { later } from '../../ui/later.ts'
import type { Anchor } from '../../ui/popovers.ts'
import { insertImage } from './insert-image.ts'
import { pickImages } from './uploads.ts'

export const askForImage = (context: EditorContext, anchor: Anchor): true =>
  later(context, anchor, ({ openImageDialog }) => {
    const view = context.view()
    openImageDialog(context, anchor, {
      onAdd: (src, alt) => {
        commandOf(insertImage(src, alt))(view.state, view.dispatch)
        view.focus()
      },
      onUpload: () => pickImages(context, view),
    })
  })
