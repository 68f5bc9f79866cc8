/**
 * The editors that are typed into: Quire's page as the server serves it, and pages of peers (`peers/pages`)
 * over the same server. Each says how the same text is stored in its shared document, and where the
 * text of a block is.
 */
import type { Page } from '@playwright/test'
import { contentOf } from '@quire/document'
import * as Y from 'yjs'
import type {} from '../../browser/page-window.ts'
import { fillDocument, madeBlocks, type MadeBlock } from '../large-document.ts'

/** What `peers/pages/shared-document.mjs` puts there. */
interface PeerPage {
  caretInto(blockIndex: number): void
  remoteUpdateCount(): number
}

export interface EditorUnderTest {
  readonly name: 'quire' | 'tiptap' | 'blocknote'
  /** A page of our own, or one of Quire's server. */
  readonly isPeer: boolean
  /** Writes the made text in one update; answers with the characters in all. */
  fill(doc: Y.Doc, blockCount: number, charsMean: number): number
  textOf(doc: Y.Doc, blockIndex: number): Y.XmlText | undefined
  /** Resolves when the page shows the document and everything is saved, as far as it knows. */
  whenShown(page: Page, msMax: number): Promise<unknown>
  /** The caret in the middle of a block, in sight, with the focus. */
  caretInto(page: Page, blockIndex: number): Promise<void>
}

const quire: EditorUnderTest = {
  name: 'quire',
  isPeer: false,
  fill: fillDocument,
  textOf: (doc, index) => textIn(contentOf(doc).get(index)),
  whenShown: (page, msMax) =>
    page.waitForFunction(() => window.quire?.provider.status.kind === 'saved', undefined, {
      timeout: msMax,
    }),
  caretInto: (page, index) =>
    page.evaluate((blockIndex) => {
      const view = window.quire?.editor.view
      if (view === undefined) throw new Error('no editor')
      const { doc, selection: before } = view.state
      let pos = 0
      for (let i = 0; i < blockIndex; i++) pos += doc.child(i).nodeSize
      const at = pos + 1 + Math.floor(doc.child(blockIndex).content.size / 2)
      const Selection = Object.getPrototypeOf(before.constructor) as {
        fromJSON(doc: unknown, json: unknown): typeof before
      }
      view.focus()
      const selection = Selection.fromJSON(doc, { type: 'text', anchor: at, head: at })
      view.dispatch(view.state.tr.setSelection(selection).scrollIntoView())
    }, index),
}

const ofPeers: Pick<EditorUnderTest, 'isPeer' | 'whenShown' | 'caretInto'> = {
  isPeer: true,
  whenShown: (page, msMax) =>
    page.waitForFunction(() => 'peer' in window, undefined, { timeout: msMax }),
  caretInto: (page, index) =>
    page.evaluate((blockIndex) => {
      ;(window as unknown as { peer: PeerPage }).peer.caretInto(blockIndex)
    }, index),
}

const tiptap: EditorUnderTest = {
  ...ofPeers,
  name: 'tiptap',
  fill: (doc, blockCount, charsMean) =>
    fillWith(doc, doc.getXmlFragment('default'), madeBlocks(blockCount, charsMean), (made) => {
      if (made.kind === 'heading') return element('heading', [textWith(made)], { level: 2 })
      const paragraph = element('paragraph', [textWith(made)])
      if (made.kind === 'paragraph') return paragraph
      return element('bulletList', [element('listItem', [paragraph])])
    }),
  textOf: (doc, index) => textIn(doc.getXmlFragment('default').get(index)),
}

const blocknote: EditorUnderTest = {
  ...ofPeers,
  name: 'blocknote',
  fill: (doc, blockCount, charsMean) => {
    const group = new Y.XmlElement('blockGroup')
    return doc.transact(() => {
      doc.getXmlFragment('document-store').insert(0, [group])
      const look = { textColor: 'default', backgroundColor: 'default', textAlignment: 'left' }
      const kinds = { heading: 'heading', bullet: 'bulletListItem', paragraph: 'paragraph' }
      return fillWith(doc, group, madeBlocks(blockCount, charsMean), (made, index) => {
        const attributes = made.kind === 'heading' ? { ...look, level: 2 } : look
        const block = element(kinds[made.kind], [textWith(made)], attributes)
        return element('blockContainer', [block], { id: `made-${index}` })
      })
    })
  },
  textOf: (doc, index) => {
    const group = doc.getXmlFragment('document-store').get(0)
    return group instanceof Y.XmlElement ? textIn(group.get(index)) : undefined
  },
}

export const editors: readonly EditorUnderTest[] = [quire, tiptap, blocknote]

/** The first text below a node. */
function textIn(node: unknown): Y.XmlText | undefined {
  if (node instanceof Y.XmlText) return node
  return node instanceof Y.XmlElement ? textIn(node.get(0)) : undefined
}

function element(
  name: string,
  children: readonly (Y.XmlElement | Y.XmlText)[],
  attributes: Readonly<Record<string, string | number>> = {},
): Y.XmlElement {
  const made = new Y.XmlElement(name)
  // y-prosemirror keeps numbers as they are; the types of Yjs know only text.
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value as string)
  made.insert(0, [...children])
  return made
}

function textWith({ text, boldChars }: MadeBlock): Y.XmlText {
  const made = new Y.XmlText()
  const plain = { bold: null }
  if (boldChars > 0) made.insert(0, text.slice(0, boldChars), { bold: {} })
  made.insert(boldChars, text.slice(boldChars), boldChars > 0 ? plain : {})
  return made
}

function fillWith(
  doc: Y.Doc,
  parent: Y.XmlFragment,
  made: readonly MadeBlock[],
  blockOf: (made: MadeBlock, index: number) => Y.XmlElement,
): number {
  doc.transact(() => parent.insert(0, made.map(blockOf)))
  return made.reduce((count, { text }) => count + text.length, 0)
}
