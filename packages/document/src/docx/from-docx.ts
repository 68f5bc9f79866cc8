/**
 * Word documents as documents: through the HTML that mammoth makes of them and the schema's own reading
 * of HTML, so that nothing gets in that could not be pasted.
 *
 * 1. All text of the body is kept, of text boxes and notes too; notes and comments stand at the end.
 * 2. Inserted words of tracked changes count, deleted ones do not.
 * 3. Nothing is fetched: pictures that lie elsewhere are left out, with their description in their place.
 */
import { reasonOf } from '@quire/base'
import mammoth from 'mammoth'
import type { Node } from 'prosemirror-model'
import { documentOfHtml, type PageRoot } from '../convert/from-html.ts'

export interface DocxReading {
  /** The body of the page that HTML is; in a browser `(html) => new DOMParser().parseFromString(html, 'text/html').body`. */
  readonly parseHtml: (html: string) => PageRoot
  /** Stores a picture and answers with its address; null leaves it out. Without it all are left out. When it rejects, reading does. */
  readonly storeImage?: (image: {
    readonly bytes: Uint8Array
    /** As the file says; not to be trusted. */
    readonly contentType: string
  }) => Promise<string | null>
}

/** The bytes are not a Word document that can be read; the message says why. Trying again does not help. */
export class DocxError extends Error {
  override readonly name = 'DocxError'
}

/** Largest file that is read. Unpacked it is about ten times as much in memory. */
export const docxBytesMax: number = 50 * 1024 * 1024

/** What Word and other writers of its files call their styles. The first that fits counts. */
const styles: readonly string[] = [
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => h2:fresh",
  "p[style-name='Quote'] => blockquote > p:fresh",
  "p[style-name='Intense Quote'] => blockquote > p:fresh",
  "p[style-name='Block Text'] => blockquote > p:fresh",
  "p[style-name='Toggle'] => summary:fresh",
  "p[style-name='caption'] => figcaption:fresh",
  String.raw`p[style-name='Source Code'] => pre:separator('\n')`,
  String.raw`p[style-name='HTML Preformatted'] => pre:separator('\n')`,
  "r[style-name='Verbatim Char'] => code",
  "r[style-name='HTML Code'] => code",
  'u => u',
  'strike => s',
  'highlight => mark',
  'comment-reference => sup',
  "br[type='page'] => hr.page-break",
]

/** The document that a .docx file says. Keeps no reference to `bytes`. Throws {@link DocxError}. */
export async function documentOfDocx(bytes: Uint8Array, reading: DocxReading): Promise<Node> {
  if (bytes.length > docxBytesMax) throw new DocxError(`more than ${docxBytesMax} bytes`)
  const { parseHtml, storeImage } = reading
  let failure: { readonly error: unknown } | undefined
  const convertImage = mammoth.images.imgElement(async (image) => {
    const bytes = await bytesOf(image)
    if (!bytes || !storeImage) return { src: '' }
    try {
      return { src: (await storeImage({ bytes, contentType: image.contentType })) ?? '' }
    } catch (error) {
      // Not to be taken for a fault of the file.
      failure = { error }
      return { src: '' }
    }
  })
  let html: string
  try {
    const { value } = await mammoth.convertToHtml(input(bytes), {
      styleMap: [...styles],
      convertImage,
    })
    html = value
  } catch (error) {
    throw new DocxError(`not a Word document: ${reasonOf(error)}`, { cause: error })
  }
  if (failure) throw failure.error
  return documentOfHtml(parseHtml(withBlocksApart(html)))
}

/** Pictures and ends of pages stand inside of paragraphs in Word; here they stand between them. */
const withBlocksApart = (html: string): string =>
  html
    .replace(/<p>(<img [^>]*\/>)<\/p>/g, '$1')
    .replace(/<p>(<hr class="page-break" \/>)/g, '$1<p>')
    .replace(/(<hr class="page-break" \/>)<\/p>/g, '</p>$1')
    .replace(/(<hr class="page-break" \/>)<p><\/p>/g, '$1')

/** Undefined for a picture that is not in the file. */
async function bytesOf(image: {
  readAsArrayBuffer(): Promise<ArrayBuffer>
}): Promise<Uint8Array | undefined> {
  try {
    return new Uint8Array(await image.readAsArrayBuffer())
  } catch {
    return undefined // it lies elsewhere, and nothing is fetched: its description stays
  }
}

/** Its two builds take bytes by two names. */
function input(bytes: Uint8Array): Parameters<typeof mammoth.convertToHtml>[0] {
  const arrayBuffer = bytes.slice().buffer
  const both = { arrayBuffer, buffer: new Uint8Array(arrayBuffer) }
  return both as unknown as { arrayBuffer: ArrayBuffer }
}
