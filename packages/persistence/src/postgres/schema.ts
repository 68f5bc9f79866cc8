/**
 * The tables of a PostgreSQL store and how an older database becomes a newer one.
 *
 * 1. A step that was released is never changed; a change of the schema is a new step at the end.
 * 2. `meta.version` is the number of steps a database has been through; one with more than we know is
 *    of a newer Quire and is refused, unchanged.
 * 3. Steps run in one transaction under an advisory lock: servers that start at once migrate once.
 *
 * `documents` is the head row of each document: whoever appends holds its lock until the commit, so
 * numbers become visible in order and without gaps. `log` is partitioned by document, so that removing
 * compacted rows and vacuuming them stays local.
 */
import type { ClientBase } from 'pg'
import { StoreError } from '../store.ts'

/** How many tables the log is spread over. Fixed for the life of a database. */
const logPartitions = 16

const partitions = Array.from(
  { length: logPartitions },
  (_, at) =>
    `CREATE TABLE log_${at} PARTITION OF log FOR VALUES WITH (MODULUS ${logPartitions}, REMAINDER ${at});`,
).join('\n')

const steps: readonly string[] = [
  `
  CREATE SEQUENCE changes;
  CREATE TABLE documents (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name            text COLLATE "C" NOT NULL UNIQUE,
    title           text   NOT NULL,
    created_ms      bigint NOT NULL,
    changed_ms      bigint NOT NULL,
    deleted_ms      bigint,
    lineage         text   NOT NULL,
    head            bigint NOT NULL,
    snapshot_number bigint NOT NULL,
    changed_order   bigint NOT NULL
  ) WITH (fillfactor = 70);
  CREATE UNIQUE INDEX documents_by_change ON documents (changed_order) WHERE deleted_ms IS NULL;
  CREATE TABLE log (
    document_id     bigint NOT NULL REFERENCES documents (id),
    number          bigint NOT NULL,
    bytes           bytea  NOT NULL,
    author          text   NOT NULL,
    checksum        bigint NOT NULL,
    PRIMARY KEY (document_id, number)
  ) PARTITION BY HASH (document_id);
  ${partitions}
  CREATE TABLE snapshots (
    document_id     bigint PRIMARY KEY REFERENCES documents (id),
    number          bigint NOT NULL,
    bytes           bytea  NOT NULL,
    state_vector    bytea  NOT NULL,
    delete_set      bytea  NOT NULL,
    checksum        bigint NOT NULL
  );
  -- Yjs has packed them already.
  ALTER TABLE snapshots ALTER bytes SET STORAGE EXTERNAL;
  -- Yjs client id and its first author.
  CREATE TABLE authors (
    document_id     bigint NOT NULL REFERENCES documents (id),
    client          bigint NOT NULL,
    author          text   NOT NULL,
    PRIMARY KEY (document_id, client)
  );
  -- The last batch of each process that appends, and what it answered: a commit of which the answer
  -- was lost is asked for by its number.
  CREATE TABLE writers (
    id              text PRIMARY KEY,
    batch           bigint NOT NULL,
    heads           bigint[] NOT NULL,
    lineages        text[] NOT NULL,
    seen_ms         bigint NOT NULL
  );

  -- Appends rows to documents in one transaction. One entry of names, lineages and counts for each
  -- document; of the row_ for each row, in order; of the client_ for each client id that may be new.
  -- Documents are numbered from 1.
  -- Answers heads and lineages in the order of the documents, head 0 for one that is deleted.
  CREATE FUNCTION append(
    of_writer text, of_batch bigint, at_ms bigint,
    names text[], new_lineages text[], counts bigint[],
    row_documents int[], row_places bigint[], row_bytes bytea[], row_authors text[], row_checksums bigint[],
    client_documents int[], client_ids bigint[], client_authors text[],
    OUT found_heads bigint[], OUT found_lineages text[]
  ) LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
  DECLARE
    last_batch bigint;
  BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    -- First, so that a repeated batch waits here for the one that may still be committing.
    INSERT INTO writers (id, batch, heads, lineages, seen_ms) VALUES (of_writer, 0, '{}', '{}', at_ms)
    ON CONFLICT (id) DO UPDATE SET seen_ms = excluded.seen_ms
    RETURNING batch, heads, lineages INTO last_batch, found_heads, found_lineages;
    IF last_batch = of_batch THEN RETURN; END IF;

    INSERT INTO documents
      (name, title, created_ms, changed_ms, lineage, head, snapshot_number, changed_order)
    SELECT n.name, '', at_ms, at_ms, n.lineage, 0, 0, nextval('changes')
    FROM unnest(names, new_lineages) AS n (name, lineage)
    WHERE NOT EXISTS (SELECT FROM documents d WHERE d.name = n.name)
    ORDER BY n.name COLLATE "C"
    ON CONFLICT (name) DO NOTHING;

    -- In the order of the ids, so that no two appends wait for each other.
    PERFORM FROM documents WHERE name = ANY (names) ORDER BY id FOR UPDATE;

    UPDATE documents d
    SET head = d.head + e.count, changed_ms = greatest(d.changed_ms, at_ms), changed_order = nextval('changes')
    FROM unnest(names, counts) AS e (name, count)
    WHERE d.name = e.name AND d.deleted_ms IS NULL;

    INSERT INTO log (document_id, number, bytes, author, checksum)
    SELECT d.id, d.head - e.count + r.place, r.bytes, r.author, r.checksum
    FROM unnest(row_documents, row_places, row_bytes, row_authors, row_checksums)
      AS r (document, place, bytes, author, checksum)
    JOIN unnest(names, counts) WITH ORDINALITY AS e (name, count, at) ON e.at = r.document
    JOIN documents d ON d.name = e.name AND d.deleted_ms IS NULL;

    INSERT INTO authors (document_id, client, author)
    SELECT d.id, c.client, c.author
    FROM unnest(client_documents, client_ids, client_authors) WITH ORDINALITY
      AS c (document, client, author, place)
    JOIN unnest(names) WITH ORDINALITY AS e (name, at) ON e.at = c.document
    JOIN documents d ON d.name = e.name AND d.deleted_ms IS NULL
    ORDER BY c.place
    ON CONFLICT (document_id, client) DO NOTHING;

    SELECT array_agg(CASE WHEN d.deleted_ms IS NULL THEN d.head ELSE 0 END ORDER BY e.at),
      array_agg(d.lineage ORDER BY e.at)
    INTO found_heads, found_lineages
    FROM unnest(names) WITH ORDINALITY AS e (name, at) JOIN documents d ON d.name = e.name;

    UPDATE writers SET batch = of_batch, heads = found_heads, lineages = found_lineages
    WHERE id = of_writer;
  END
  $function$;

  -- Puts a snapshot in the place of the rows up to its number, if the stored one is the one it replaces.
  CREATE FUNCTION compact(
    of_name text, to_number bigint, replaces bigint,
    new_bytes bytea, new_state_vector bytea, new_delete_set bytea, new_checksum bigint
  ) RETURNS text LANGUAGE plpgsql SET search_path FROM CURRENT AS $function$
  DECLARE
    document documents%ROWTYPE;
  BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT * INTO document FROM documents WHERE name = of_name AND deleted_ms IS NULL FOR UPDATE;
    IF NOT FOUND OR document.snapshot_number <> replaces THEN RETURN 'stale'; END IF;
    IF to_number > document.head THEN RETURN 'beyond'; END IF;
    INSERT INTO snapshots (document_id, number, bytes, state_vector, delete_set, checksum)
    VALUES (document.id, to_number, new_bytes, new_state_vector, new_delete_set, new_checksum)
    ON CONFLICT (document_id) DO UPDATE
    SET number = excluded.number, bytes = excluded.bytes, state_vector = excluded.state_vector,
        delete_set = excluded.delete_set, checksum = excluded.checksum;
    DELETE FROM log WHERE document_id = document.id AND number <= to_number;
    UPDATE documents SET snapshot_number = to_number WHERE id = document.id;
    RETURN 'done';
  END
  $function$;
  `,
  // Versions: states that somebody may want back.
  `
  CREATE TABLE versions (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    document_id     bigint NOT NULL REFERENCES documents (id),
    number          bigint NOT NULL,
    kind            text   NOT NULL,
    name            text   NOT NULL,
    author          text   NOT NULL,
    made_ms         bigint NOT NULL,
    byte_count      bigint NOT NULL,
    state           bytea  NOT NULL,
    checksum        bigint NOT NULL
  );
  CREATE INDEX versions_of_document ON versions (document_id, id);
  ALTER TABLE versions ALTER state SET STORAGE EXTERNAL;
  `,
  // The search: words of titles and texts, and up to which row a text was read.
  `
  CREATE TABLE search (
    document_id     bigint PRIMARY KEY REFERENCES documents (id),
    title           tsvector NOT NULL,
    body            tsvector NOT NULL DEFAULT '',
    whole           tsvector NOT NULL GENERATED ALWAYS AS (title || body) STORED,
    excerpt         text   NOT NULL DEFAULT '',
    -- Null: only the title is there.
    number          bigint,
    made_ms         bigint
  );
  CREATE INDEX search_words ON search USING gin (whole);
  `,
]

/** The version of a database that this code writes. */
export const schemaVersion: number = steps.length

/** A number of Quire's own for `pg_advisory_xact_lock`: "quire" in base 36. */
const migrationLock = 45_095_234

/** Makes the tables, or takes older ones to the present version. Throws `newer`, and has changed nothing then. */
export async function migrate(client: ClientBase, schema: string): Promise<void> {
  await client.query('BEGIN')
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [migrationLock])
    await client.query(`CREATE SCHEMA IF NOT EXISTS ${schema}`)
    await client.query(`SET LOCAL search_path TO ${schema}`)
    await client.query('CREATE TABLE IF NOT EXISTS meta (version int NOT NULL)')
    const { rows } = await client.query<{ version: number }>('SELECT version FROM meta')
    const version = rows[0]?.version ?? 0
    if (version > schemaVersion) {
      throw new StoreError(
        'newer',
        `the database is of version ${version}, and this Quire knows versions up to ${schemaVersion}; start the newer one`,
      )
    }
    for (const step of steps.slice(version)) await client.query(step)
    if (rows.length === 0) await client.query('INSERT INTO meta VALUES ($1)', [schemaVersion])
    else await client.query('UPDATE meta SET version = $1', [schemaVersion])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}
