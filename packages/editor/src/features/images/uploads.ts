/**
 * Uploads: a placeholder where the image will be, while its bytes travel. The placeholder is a
 * decoration on this screen only; the document changes once, when the address is known.
 *
 * 1. A placeholder is found by its id, never by a remembered position: colleagues keep typing.
 * 2. A failed upload stays visible with "try again" and "remove" until the person decides.
 * 3. After the view is destroyed nothing is inserted.
 */
import { reasonOf } from '@quire/base'
import { Plugin, PluginKey, type Transaction } from 'prosemirror-state'
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view'
import type { EditorContext } from '../../feature.ts'
import { nodeTypeIn } from '../../shape.ts'
import { element } from '../../ui/element.ts'
import { imageSrcFrom } from './image-source.ts'

type UploadMeta =
  | {
      readonly kind: 'add'
      readonly uploadId: number
      readonly pos: number
      readonly card: HTMLElement
    }
  | { readonly kind: 'remove'; readonly uploadId: number }

const uploadsKey = new PluginKey<DecorationSet>('quire-uploads')

let uploadCount = 0

/** Holds the placeholders and takes pasted and dropped image files. */
export function uploadsPlugin(context: EditorContext): Plugin<DecorationSet> {
  return new Plugin<DecorationSet>({
    key: uploadsKey,
    state: {
      init: () => DecorationSet.empty,
      apply(tr, placeholders) {
        const mapped = placeholders.map(tr.mapping, tr.doc)
        const meta = tr.getMeta(uploadsKey) as UploadMeta | undefined
        if (!meta) return mapped
        if (meta.kind === 'remove') return mapped.remove(found(mapped, meta.uploadId))
        const widget = Decoration.widget(meta.pos, meta.card, {
          uploadId: meta.uploadId,
          key: `upload-${meta.uploadId}`,
          side: -1,
          ignoreSelection: true,
          stopEvent: () => true,
        })
        return mapped.add(tr.doc, [widget])
      },
    },
    props: {
      decorations: (state) => uploadsKey.getState(state),
      handlePaste(view, event) {
        const files = imageFiles(event.clipboardData)
        // Office programs put a picture of the text beside the text; then the text is meant.
        const hasText = event.clipboardData?.types.includes('text/html') ?? false
        if (files.length === 0 || hasText) return false
        return uploadImages(context, view, files)
      },
      handleDrop(view, event) {
        const files = imageFiles(event.dataTransfer)
        if (files.length === 0) return false
        event.preventDefault()
        const at = view.posAtCoords({ left: event.clientX, top: event.clientY })
        return uploadImages(context, view, files, at?.pos)
      },
    },
  })
}

function found(placeholders: DecorationSet, uploadId: number): Decoration[] {
  return placeholders.find(undefined, undefined, (spec) => spec['uploadId'] === uploadId)
}

function imageFiles(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].filter((file) => file.type.startsWith('image/'))
}

/** Starts an upload for each file at `pos` (or the selection). False when this editor has nowhere to upload to. */
export function uploadImages(
  context: EditorContext,
  view: EditorView,
  files: readonly File[],
  pos: number = view.state.selection.from,
): boolean {
  const { upload } = context
  if (!view.editable || files.length === 0) return false
  if (!upload) {
    context.announce('Images cannot be uploaded here.')
    return true
  }
  for (const file of files) {
    uploadCount += 1
    start(uploadCount, file)
  }
  return true

  function start(uploadId: number, file: File): void {
    const card = element('div', { class: 'quire-upload', contenteditable: 'false' })
    const at = blockBoundary(view.state.tr, pos)
    dispatch({ kind: 'add', uploadId, pos: at, card })
    send(uploadId, file, card)
  }

  function send(uploadId: number, file: File, card: HTMLElement): void {
    card.className = 'quire-upload is-running'
    card.replaceChildren(
      element('span', { class: 'quire-upload-bar', 'aria-hidden': 'true' }),
      element('span', { role: 'status' }, `Uploading ${file.name || 'image'}…`),
    )
    // Inside `then`, so that an upload that throws at once is handled like one that rejects.
    Promise.resolve()
      .then(() => upload!(file))
      .then(
        ({ src }) => finish(uploadId, file, src, card),
        (error: unknown) => fail(uploadId, file, card, reasonOf(error)),
      )
  }

  function finish(uploadId: number, file: File, src: string, card: HTMLElement): void {
    if (view.isDestroyed) return
    const safe = imageSrcFrom(src)
    if (!safe) return fail(uploadId, file, card, 'the address cannot be shown')
    const placeholder = found(uploadsKey.getState(view.state) ?? DecorationSet.empty, uploadId)[0]
    // The text around the placeholder is gone, somebody deleted it: so is the wish for the image.
    if (!placeholder) return
    const tr = view.state.tr.setMeta(uploadsKey, { kind: 'remove', uploadId } satisfies UploadMeta)
    const alt = file.name.replace(/\.[a-z0-9]+$/i, '') || null
    tr.insert(
      blockBoundary(tr, placeholder.from),
      nodeTypeIn(tr, 'image').create({ src: safe, alt }),
    )
    view.dispatch(tr)
    context.announce('Image added')
  }

  function fail(uploadId: number, file: File, card: HTMLElement, reason: string): void {
    if (view.isDestroyed) return
    const retry = element('button', { type: 'button', class: 'quire-action' }, 'Try again')
    const remove = element('button', { type: 'button', class: 'quire-action' }, 'Remove')
    retry.addEventListener('click', () => send(uploadId, file, card))
    remove.addEventListener('click', () => {
      dispatch({ kind: 'remove', uploadId })
      view.focus()
    })
    card.className = 'quire-upload is-failed'
    card.replaceChildren(
      element(
        'span',
        { role: 'alert', title: reason },
        `${file.name || 'The image'} could not be uploaded.`,
      ),
      element('span', { class: 'quire-upload-actions' }, retry, remove),
    )
  }

  function dispatch(meta: UploadMeta): void {
    view.dispatch(view.state.tr.setMeta(uploadsKey, meta).setMeta('addToHistory', false))
  }
}

/** The nearest place between blocks at or around `pos`: before an empty block, after one with text. */
function blockBoundary(tr: Transaction, pos: number): number {
  const $pos = tr.doc.resolve(Math.min(pos, tr.doc.content.size))
  for (let depth = $pos.depth; depth > 0; depth -= 1) {
    const parent = $pos.node(depth - 1)
    const index = $pos.index(depth - 1)
    if (parent.canReplaceWith(index, index, nodeTypeIn(tr, 'image'))) {
      return $pos.node(depth).content.size === 0 ? $pos.before(depth) : $pos.after(depth)
    }
  }
  return $pos.pos
}

/** Asks for image files with the browser's picker. */
export function pickImages(context: EditorContext, view: EditorView): void {
  const input = element('input', { type: 'file', accept: 'image/*', multiple: true, hidden: true })
  input.addEventListener('change', () => {
    uploadImages(context, view, [...(input.files ?? [])])
    input.remove()
    view.focus()
  })
  input.addEventListener('cancel', () => input.remove())
  context.layer.append(input)
  input.click()
}
