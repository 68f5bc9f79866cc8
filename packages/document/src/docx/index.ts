/** `@quire/document/docx`: Word documents in and out. A door of its own, because what it stands on is large: import it when somebody asks. */
export {
  type DocxReading,
  docxBytesMax,
  documentOfDocx,
  DocxError,
} from './from-docx.ts'
export type { DocxImage } from './docx-image.ts'
export { type DocxWriting, docxOf } from './to-docx.ts'
export type { PageRoot } from '../convert/from-html.ts'
