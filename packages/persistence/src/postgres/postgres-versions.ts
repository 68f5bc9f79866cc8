/**
 * The versions of a PostgreSQL store. Each call is one statement. The checksum of a version covers
 * everything but its id, which the database gives.
 */
import type { Clock } from '@quire/base'
import type { DocumentName } from '@quire/protocol'
import {
  checkPageLimit,
  checkTitle,
  checkVersion,
  decodeCursor,
  encodeCursor,
} from '../check-request.ts'
import { checksum } from '../sqlite/checksum.ts'
import { StoreError } from '../store.ts'
import type { Version, VersionInfo, VersionKind, VersionStore } from '../version-store.ts'

/** Runs one statement; throws `StoreError`. */
export type Query = <Row extends object>(
  text: string,
  values: unknown[],
) => Promise<{ readonly rows: Row[]; readonly rowCount: number | null }>

interface InfoRow {
  readonly id: string
  readonly number: string
  readonly kind: VersionKind
  readonly name: string
  readonly author: string
  readonly made_ms: string
  readonly byte_count: string
}
interface StateRow extends InfoRow {
  readonly state: Buffer
  readonly checksum: string
}

const facts = 'v.id, v.number, v.kind, v.name, v.author, v.made_ms, v.byte_count'

type Facts = Omit<Version, 'id'>

const checksumOf = (document: DocumentName, version: Facts): number => {
  const { number, kind, name, author, madeMs, byteCount, state } = version
  const place = JSON.stringify([document, number, kind, name, author, madeMs, byteCount])
  return checksum(state, checksum(place))
}

export function postgresVersions(schema: string, query: Query, clock: Clock): VersionStore {
  const of = `${schema}.documents d JOIN ${schema}.versions v ON v.document_id = d.id
    WHERE d.name = $1 AND d.deleted_ms IS NULL`

  const read = async (document: DocumentName, id: number): Promise<Version | undefined> => {
    const { rows } = await query<StateRow>(
      `SELECT ${facts}, v.state, v.checksum FROM ${of} AND v.id = $2`,
      [document, id],
    )
    return rows[0] && versionOf(document, rows[0])
  }

  return {
    async create(document, version) {
      checkVersion(version)
      const { number, kind, name = '', author = '' } = version
      const madeMs = version.madeMs ?? clock.wallMs()
      const state = Buffer.from(version.state)
      const info = { number, kind, name, author, madeMs, byteCount: state.length }
      const { rows } = await query<{ readonly head: string; readonly id: string | null }>(
        `WITH d AS (SELECT id, head FROM ${schema}.documents WHERE name = $1 AND deleted_ms IS NULL),
           made AS (
             INSERT INTO ${schema}.versions
               (document_id, number, kind, name, author, made_ms, byte_count, state, checksum)
             SELECT d.id, $2, $3, $4, $5, $6, $7, $8, $9 FROM d WHERE d.head >= $2
             RETURNING id)
         SELECT d.head, made.id FROM d LEFT JOIN made ON true`,
        [
          document,
          number,
          kind,
          name,
          author,
          madeMs,
          state.length,
          state,
          checksumOf(document, { ...info, state }),
        ],
      )
      const [made] = rows
      if (!made) return 'missing'
      if (made.id === null) {
        throw new StoreError('bad-request', `document ${document} has no row ${number}`)
      }
      return { id: Number(made.id), ...info }
    },
    async list(document, { limit, after }) {
      checkPageLimit(limit)
      const before = Math.min(decodeCursor(after), Number.MAX_SAFE_INTEGER)
      const { rows } = await query<InfoRow>(
        `SELECT ${facts} FROM ${of} AND v.id < $2 ORDER BY v.id DESC LIMIT $3`,
        [document, before, limit + 1],
      )
      const versions = rows.slice(0, limit).map(infoOf)
      const last = versions.at(-1)
      return { versions, next: last && rows.length > limit ? encodeCursor(last.id) : undefined }
    },
    read,
    async rename(document, id, name) {
      checkTitle(name)
      // Names are changed by people, one at a time; of two at once the later wins, or is told of damage.
      for (;;) {
        const version = await read(document, id)
        if (!version) return 'missing'
        const { rowCount } = await query(
          `UPDATE ${schema}.versions v SET name = $3, checksum = $4 FROM ${schema}.documents d
           WHERE d.name = $1 AND d.deleted_ms IS NULL AND v.document_id = d.id AND v.id = $2
             AND v.name = $5`,
          [document, id, name, checksumOf(document, { ...version, name }), version.name],
        )
        if (rowCount === 1) return 'done'
      }
    },
    async remove(document, ids) {
      const { rowCount } = await query(
        `DELETE FROM ${schema}.versions v USING ${schema}.documents d
         WHERE d.name = $1 AND d.deleted_ms IS NULL AND v.document_id = d.id AND v.id = ANY ($2::bigint[])`,
        [document, ids],
      )
      return rowCount ?? 0
    },
  }
}

/** What is wrong with the versions of the document with `id`, deleted or not. One of them at a time is in memory. */
export async function verifyVersions(
  schema: string,
  query: Query,
  { id, name }: { readonly id: string; readonly name: DocumentName },
): Promise<string[]> {
  const problems: string[] = []
  for (let after = '0'; ; ) {
    const { rows } = await query<StateRow>(
      `SELECT ${facts}, v.state, v.checksum FROM ${schema}.versions v
       WHERE v.document_id = $1 AND v.id > $2 ORDER BY v.id LIMIT 1`,
      [id, after],
    )
    const [row] = rows
    if (!row) return problems
    try {
      versionOf(name, row)
    } catch (error) {
      if (!(error instanceof StoreError)) throw error
      problems.push(error.message)
    }
    after = row.id
  }
}

function infoOf(row: InfoRow): VersionInfo {
  const { id, number, kind, name, author, made_ms: madeMs, byte_count: byteCount } = row
  return {
    id: Number(id),
    number: Number(number),
    kind,
    name,
    author,
    madeMs: Number(madeMs),
    byteCount: Number(byteCount),
  }
}

function versionOf(document: DocumentName, row: StateRow): Version {
  const { state: bytes } = row
  const state = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
  const version = { ...infoOf(row), state }
  if (checksumOf(document, version) !== Number(row.checksum)) {
    const what = `version ${version.id} is not what was written`
    throw new StoreError('corrupt', `document ${document}: ${what}`)
  }
  return version
}
