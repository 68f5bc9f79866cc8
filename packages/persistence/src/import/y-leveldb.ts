/**
 * The documents of a folder that y-leveldb wrote, as y-websocket's own server keeps them. Reads it with
 * y-leveldb itself, which the caller brings: `new LeveldbPersistence(folder)`.
 */
import type { Doc } from 'yjs'
import { encodeStateAsUpdate } from 'yjs'
import type { ForeignDocument } from './import-documents.ts'

/** What is used of y-leveldb's `LeveldbPersistence`. */
export interface LeveldbReader {
  getAllDocNames(): Promise<string[]>
  getYDoc(name: string): Promise<Doc>
}

/** Fails as y-leveldb fails. The reader stays the caller's. */
export async function* readLeveldb(reader: LeveldbReader): AsyncGenerator<ForeignDocument> {
  for (const name of await reader.getAllDocNames()) {
    const doc = await reader.getYDoc(name)
    const update = encodeStateAsUpdate(doc)
    doc.destroy()
    yield { name, updates: [update] }
  }
}
