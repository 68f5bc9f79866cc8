/**
 * Recorded editing sessions and how to read them. A trace is a list of transactions; a concurrent one
 * says for each which earlier ones its author had seen.
 *
 * Recorded positions count code points. The traces used here have no character outside the basic
 * plane, so they are positions in a JavaScript string; reading asserts it.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'

/** Position, characters deleted there, text inserted there. */
export type Patch = readonly [position: number, deleteCount: number, insert: string]

export interface SequentialTrace {
  readonly endContent: string
  readonly patches: readonly Patch[]
}

/** `parents` are indexes of earlier transactions; those of one agent are totally ordered. */
export interface ConcurrentTxn {
  readonly parents: readonly number[]
  readonly agent: number
  readonly patches: readonly Patch[]
}

export interface ConcurrentTrace {
  readonly agentCount: number
  readonly txns: readonly ConcurrentTxn[]
}

/** Folder of recorded traces: `QUIRE_TEST_DATA`, or `../shared/data` beside the checkout; undefined when absent. */
export function traceFolder(): string | undefined {
  const data =
    process.env['QUIRE_TEST_DATA'] ??
    fileURLToPath(new URL('../../../shared/data', import.meta.url))
  const folder = join(data, 'traces')
  return existsSync(folder) ? folder : undefined
}

interface SequentialFile {
  startContent: string
  endContent: string
  txns: { patches: Patch[] }[]
}

interface ConcurrentFile {
  kind: 'concurrent'
  endContent: string
  numAgents: number
  txns: ConcurrentTxn[]
}

export function readSequentialTrace(folder: string, name: string): SequentialTrace {
  const file = readGzippedJson(join(folder, 'sequential', `${name}.json.gz`)) as SequentialFile
  if (file.startContent !== '') throw new Error(`${name} does not start empty`)
  const patches = file.txns.flatMap((txn) => txn.patches)
  assertBasicPlane(name, patches)
  return { endContent: file.endContent, patches }
}

export function readConcurrentTrace(
  folder: string,
  name: string,
): ConcurrentTrace & { readonly endContent: string } {
  const file = readGzippedJson(join(folder, 'concurrent', `${name}.json.gz`)) as ConcurrentFile
  assertBasicPlane(
    name,
    file.txns.flatMap((txn) => txn.patches),
  )
  return { agentCount: file.numAgents, txns: file.txns, endContent: file.endContent }
}

function readGzippedJson(path: string): unknown {
  return JSON.parse(gunzipSync(readFileSync(path)).toString())
}

function assertBasicPlane(name: string, patches: readonly Patch[]): void {
  if (patches.some(([, , insert]) => /[\u{10000}-\u{10ffff}]/u.test(insert))) {
    throw new Error(`${name} has characters outside the basic plane`)
  }
}
