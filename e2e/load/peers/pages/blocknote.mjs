/** BlockNote's core with its collaboration, without its menus in React: what it costs at least. */
import { BlockNoteEditor } from '@blocknote/core'
import '@blocknote/core/style.css'
import { withCollaboration } from '@blocknote/core/yjs'
import { openShared, ready } from './shared-document.mjs'

const shared = await openShared()
const editor = BlockNoteEditor.create(
  withCollaboration({
    collaboration: {
      fragment: shared.doc.getXmlFragment('document-store'),
      provider: shared.provider,
      user: { name: 'Ada', color: '#3366cc' },
    },
  }),
)
editor.mount(document.querySelector('#editor'))
ready(shared, editor.prosemirrorView)
