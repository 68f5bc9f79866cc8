/** A file of somebody's, as content for a document. The readers are fetched when they are needed. */
import { reasonOf } from '@quire/base'
import { uploadFile } from '../api/files.ts'

/** What a file picker offers. */
export const readableFiles = '.docx,.md,.markdown,.html,.htm,.txt'

export type ReadFile =
  /** `json` is the document in ProseMirror's form. */
  | { readonly kind: 'read'; readonly title: string; readonly json: unknown }
  | { readonly kind: 'unreadable'; readonly reason: string }

/** Larger files would hold up the page for seconds, and their document everybody who opens it. */
const fileBytesMax = 50 * 1024 * 1024

/** Reads by the file's ending. Pictures in it are uploaded; one that cannot be ends the reading. */
export async function readFile(file: File): Promise<ReadFile> {
  const title = file.name.replace(/\.[^.]+$/, '').slice(0, 300)
  if (file.size > fileBytesMax) return { kind: 'unreadable', reason: 'It is larger than 50 MB.' }
  try {
    const doc = await documentOf(file)
    return doc === undefined
      ? { kind: 'unreadable', reason: 'It is neither Word, Markdown, HTML nor plain text.' }
      : { kind: 'read', title, json: doc.toJSON() }
  } catch (error) {
    return { kind: 'unreadable', reason: sentence(reasonOf(error)) }
  }
}

const parseHtml = (html: string) => new DOMParser().parseFromString(html, 'text/html').body

async function documentOf(file: File) {
  const ending = /\.([^.]+)$/.exec(file.name)?.[1]?.toLowerCase()
  if (ending === 'docx') {
    const { documentOfDocx } = await import('@quire/document/docx')
    return documentOfDocx(new Uint8Array(await file.arrayBuffer()), { parseHtml, storeImage })
  }
  const { documentOfHtml, documentOfMarkdown, documentOfText } = await import(
    '@quire/document/convert'
  )
  switch (ending ?? '') {
    case 'md':
    case 'markdown':
      return documentOfMarkdown(await file.text())
    case 'html':
    case 'htm':
      return documentOfHtml(parseHtml(await file.text()))
    case 'txt':
      return documentOfText(await file.text())
    default:
      return undefined
  }
}

/** Pictures that browsers do not show are left out: Word has some of its own. */
async function storeImage({
  bytes,
  contentType,
}: {
  bytes: Uint8Array
  contentType: string
}): Promise<string | null> {
  if (!/^image\/(png|jpeg|gif|webp|avif)$/.test(contentType)) return null
  const { src } = await uploadFile(new File([bytes.slice()], 'picture', { type: contentType }))
  return src
}

const sentence = (words: string): string => (/[.!?]$/.test(words) ? words : `${words}.`)
