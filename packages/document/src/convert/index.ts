/** `@quire/document/convert`: documents in the forms of other programs. A door of its own: editors do not need it. */
export { contentHtml, htmlOf } from './html.ts'
export { documentOfHtml, type PageRoot } from './from-html.ts'
export { documentOfMarkdown, markdownCharsMax } from './from-markdown.ts'
export { documentOfText } from './from-text.ts'
export { markdownOf } from './markdown.ts'
export { outlineOf } from './outline.ts'
export { plainTextOf } from './text.ts'
