/** Tiptap as its guide to collaboration makes it: the starter kit without its own history, and the collaboration extension. */
import { Editor } from '@tiptap/core'
import { Collaboration } from '@tiptap/extension-collaboration'
import { StarterKit } from '@tiptap/starter-kit'
import { openShared, ready } from './shared-document.mjs'

const shared = await openShared()
const editor = new Editor({
  element: document.querySelector('#editor'),
  extensions: [
    StarterKit.configure({ undoRedo: false }),
    Collaboration.configure({ document: shared.doc }),
  ],
})
editor.on('create', () => ready(shared, editor.view))
