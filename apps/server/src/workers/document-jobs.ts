/** The jobs of the server's document workers, and how documents travel to them. Plain data only. */
import type { Edit, PartChange, RenderFormat } from '@quire/document/states'
import type { PackedRows, StorageJobs } from '@quire/persistence/work'

/** A document on its way to a thread: its rows, or a version. */
export type StateMessage = { readonly rows: PackedRows } | { readonly packed: Uint8Array }

export type EditMessage =
  | { readonly kind: 'restore'; readonly state: StateMessage }
  | Extract<Edit, { kind: 'write' }>

export type DocumentJobs = StorageJobs & {
  readonly render: (ask: { readonly state: StateMessage; readonly format: RenderFormat }) => string
  readonly extract: (ask: { readonly state: StateMessage; readonly charsMax: number }) => string
  readonly edit: (ask: { readonly state: StateMessage; readonly edit: EditMessage }) => {
    /** Undefined: there is nothing to change. */
    readonly update: Uint8Array | undefined
  }
  readonly diff: (ask: {
    readonly before: StateMessage
    readonly after: StateMessage
  }) => PartChange[]
}
