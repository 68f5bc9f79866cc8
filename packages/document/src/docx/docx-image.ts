/** Pictures for Word: as wide as the document says, at most as wide as the page. */
import { ImageRun } from 'docx'

/** A picture as Word takes it in. */
export interface DocxImage {
  readonly bytes: Uint8Array
  readonly type: 'png' | 'jpg' | 'gif' | 'bmp'
  /** In pixels. */
  readonly width: number
  readonly height: number
}

/** Between the margins of an A4 page, at 96 pixels an inch. */
const widthMaxPx = 600

export function imageRun(
  { bytes, type, width, height }: DocxImage,
  { words, width: wanted }: { readonly words: string; readonly width: number | null },
): ImageRun {
  const shown = Math.max(1, Math.min(wanted ?? width, widthMaxPx))
  return new ImageRun({
    type,
    data: bytes,
    transformation: {
      width: shown,
      height: Math.max(1, Math.round((shown * height) / Math.max(1, width))),
    },
    altText: { name: words, title: words, description: words },
  })
}
