/** Documents for pages that are measured: where one is made, and the address of the page that shows it. */
import type { ServerProcess } from '../../sim/server-process.ts'
import type { EditorUnderTest } from './editors.ts'
import type { PeerPages } from './peer-pages.ts'

export interface ShownDocument {
  readonly id: string
  readonly url: string
}

/** A document that nobody has written into. Quire's page shows only what its server knows; a peer's is called `name`. */
export async function newDocument(
  { name: editor, isPeer }: EditorUnderTest,
  server: ServerProcess,
  pages: PeerPages | undefined,
  name: string,
): Promise<ShownDocument> {
  if (!isPeer) {
    const response = await fetch(`${server.url}/api/documents`, { method: 'POST' })
    if (response.status !== 201) throw new Error(`no document: ${response.status}`)
    const { id } = (await response.json()) as { id: string }
    return { id, url: `${server.url}/d/${id}` }
  }
  if (pages === undefined) throw new Error(`nobody serves the page of ${editor}`)
  const id = `${name}-${editor}`
  const asked = new URLSearchParams({ sync: server.syncUrl, document: id })
  return { id, url: `${pages.origin}/${editor}.html?${asked}` }
}
