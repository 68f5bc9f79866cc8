/** The part of y-leveldb that the tests use; its own types are not reachable through its `exports`. */
declare module 'y-leveldb' {
  import type { Doc } from 'yjs'
  export class LeveldbPersistence {
    constructor(folder: string)
    storeUpdate(name: string, update: Uint8Array): Promise<number>
    getAllDocNames(): Promise<string[]>
    getYDoc(name: string): Promise<Doc>
    destroy(): Promise<void>
  }
}
