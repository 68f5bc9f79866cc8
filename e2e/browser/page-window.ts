/** What the document page offers to tests (`apps/web`, `editor-mount.tsx`), as far as they use it. */
import type { Editor } from '@quire/editor'
import type { Provider } from '@quire/provider'
import type * as Y from 'yjs'

declare global {
  interface Window {
    quire?: {
      readonly doc: Y.Doc
      readonly provider: Provider
      readonly editor: Editor
      encode(): Uint8Array
    }
  }
}
