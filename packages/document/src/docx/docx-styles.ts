/** The styles that are not Word's own from the start, by the names under which Word and others know them. */
import type { ICharacterStyleOptions, IParagraphStyleOptions } from 'docx'

export const paragraphStyles: readonly IParagraphStyleOptions[] = [
  {
    id: 'Quote',
    name: 'Quote',
    basedOn: 'Normal',
    quickFormat: true,
    run: { italics: true, color: '595959' },
    paragraph: { indent: { left: 480 }, spacing: { before: 120, after: 120 } },
  },
  {
    id: 'Callout',
    name: 'Callout',
    basedOn: 'Normal',
    quickFormat: true,
    paragraph: { indent: { left: 120, right: 120 }, spacing: { before: 120, after: 120 } },
  },
  {
    id: 'Toggle',
    name: 'Toggle',
    basedOn: 'Normal',
    quickFormat: true,
    run: { bold: true },
    paragraph: { keepNext: true },
  },
  {
    id: 'Caption',
    name: 'caption',
    basedOn: 'Normal',
    quickFormat: true,
    run: { size: 18, color: '595959' },
    paragraph: { spacing: { after: 200 } },
  },
  {
    id: 'SourceCode',
    name: 'Source Code',
    basedOn: 'Normal',
    quickFormat: true,
    run: { font: 'Courier New', size: 19 },
    paragraph: { spacing: { before: 0, after: 0 } },
  },
]

export const characterStyles: readonly ICharacterStyleOptions[] = [
  { id: 'VerbatimChar', name: 'Verbatim Char', quickFormat: true, run: { font: 'Courier New' } },
]
