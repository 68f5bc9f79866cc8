/** A document as a file to carry away. The writers are fetched when they are needed. */
import type { Editor } from '@quire/editor'
import type { DocxImage } from '@quire/document/docx'

export type FileFormat = 'docx' | 'md' | 'html' | 'txt'

export const fileFormats: readonly { readonly format: FileFormat; readonly label: string }[] = [
  { format: 'docx', label: 'Word (.docx)' },
  { format: 'md', label: 'Markdown (.md)' },
  { format: 'html', label: 'Web page (.html)' },
  { format: 'txt', label: 'Plain text (.txt)' },
]

const types: Readonly<Record<FileFormat, string>> = {
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  md: 'text/markdown',
  html: 'text/html',
  txt: 'text/plain',
}

/** Hands the document to the browser as a download. Rejects when a writer cannot be fetched. */
export async function downloadDocument(
  view: Editor['view'],
  title: string,
  format: FileFormat,
): Promise<void> {
  const { doc } = view.state
  const content = await contentOf(doc, title, format)
  const address = URL.createObjectURL(new Blob([content], { type: types[format] }))
  const link = document.createElement('a')
  link.href = address
  link.download = `${nameFor(title)}.${format}`
  link.click()
  // The browser has taken hold of it by then.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

async function contentOf(
  doc: Editor['view']['state']['doc'],
  title: string,
  format: FileFormat,
): Promise<string | Uint8Array<ArrayBuffer>> {
  if (format === 'docx') {
    const { docxOf } = await import('@quire/document/docx')
    return (await docxOf(doc, { title, loadImage })).slice()
  }
  const { htmlOf, markdownOf, plainTextOf } = await import('@quire/document/convert')
  switch (format) {
    case 'md':
      return `${markdownOf(doc)}\n`
    case 'txt':
      return `${plainTextOf(doc)}\n`
    case 'html':
      return pageOf(htmlOf(doc), title)
  }
}

function pageOf(html: string, title: string): string {
  const heading = document.createElement('title')
  heading.textContent = title
  return `<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n${heading.outerHTML}\n</head>\n<body>\n${html}\n</body>\n</html>\n`
}

/** A name that every system takes. */
export function nameFor(title: string): string {
  const name = title
    // oxlint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f<>:"/\\|?*]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return name.replace(/^\.+|[. ]+$/g, '').slice(0, 120) || 'Untitled'
}

/** A picture in a form that Word takes; null for one that cannot be had, whose description then stands there. */
async function loadImage(src: string): Promise<DocxImage | null> {
  try {
    const answer = await fetch(src)
    if (!answer.ok) return null
    const picture = await createImageBitmap(await answer.blob())
    const canvas = new OffscreenCanvas(picture.width, picture.height)
    canvas.getContext('2d')?.drawImage(picture, 0, 0)
    const png = await canvas.convertToBlob({ type: 'image/png' })
    const bytes = new Uint8Array(await png.arrayBuffer())
    return { bytes, type: 'png', width: picture.width, height: picture.height }
  } catch {
    return null // another site's, or no picture
  }
}
