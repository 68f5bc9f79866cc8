/** The protocols that a hostile client may speak, and how it begins each. */

export interface Dialect {
  readonly name: string
  readonly hasAddress: boolean
  readonly protocols: string[]
}

export const dialects: readonly Dialect[] = [
  { name: 'y-websocket', hasAddress: false, protocols: [] },
  { name: 'quire.v1', hasAddress: false, protocols: ['quire.v1'] },
  { name: 'hocuspocus', hasAddress: true, protocols: [] },
]
