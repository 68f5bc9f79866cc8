/**
 * What is asked of every store, whoever made it. Runs in a process of the store's own, which gives its own
 * Yjs; answers numbers. A store here is:
 *
 * `append(batch)` stores `{ document, updates, state() }` of several documents and resolves when it would
 * tell people that they are saved · `read(document)` resolves with the bytes that a joining client gets ·
 * `compact(document)`, where there is such a thing · `close()`.
 */
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

const timed = async (work) => {
  const startMs = performance.now()
  const value = await work()
  return { value, ms: performance.now() - startMs }
}

const folderMb = (folder) =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0) /
  1024 ** 2

/** A document in which one person types; the update of each key. */
class Typist {
  constructor(Y, document, chars) {
    this.document = document
    this.doc = new Y.Doc()
    this.doc.on('update', (update) => (this.update = update))
    this.text = this.doc.getText('content')
    this.text.insert(
      0,
      'the sea was calm that morning '.repeat(Math.ceil(chars / 30)).slice(0, chars),
    )
    this.state = () => Y.encodeStateAsUpdate(this.doc)
    this.seed = { document, updates: [this.update], state: this.state }
    this.at = 0
    this.keyCount = 0
  }

  key() {
    // Somewhere else now and then: Yjs copies the run that is being typed with each key.
    if (++this.keyCount % 2_000 === 0) this.at = 0
    this.text.insert(this.at++, 'k')
    return { document: this.document, updates: [this.update], state: this.state }
  }
}

const jobs = {
  /** Many documents, some of which are typed in at once: each key is stored before the next in its document. */
  async many({ open, folder, Y, documentCount, documentChars, typistCount, measureMs }) {
    let store = await open(folder)
    const typists = []
    for (let at = 0; at < documentCount; at += 100) {
      const made = Array.from(
        { length: Math.min(100, documentCount - at) },
        (_, n) => new Typist(Y, `document-${at + n}`, documentChars),
      )
      await store.append(made.map(({ seed }) => seed))
      if (typists.length < typistCount) typists.push(...made)
    }
    typists.length = typistCount
    let updates = 0
    let storedMs = 0
    // The first keys warm the code up.
    for (let round = -3; storedMs < measureMs; round++) {
      const batch = typists.map((typist) => typist.key())
      const { ms } = await timed(() => store.append(batch))
      if (round < 0) continue
      storedMs += ms
      updates += batch.length
    }
    await store.close()
    const diskMb = folderMb(folder)
    store = await open(folder)
    const openMs = []
    for (let at = 0; at < documentCount; at++) {
      openMs.push((await timed(() => store.read(`document-${at}`))).ms)
    }
    await store.close()
    return {
      updatesPerSecond: (updates * 1_000) / storedMs,
      openMsP50: median(openMs),
      openAllMs: openMs.reduce((sum, ms) => sum + ms, 0),
      diskMb,
    }
  },

  /** A document of many megabytes: storing one more key, reading it, and what it takes on the disk. */
  async large({ open, folder, Y, megabytes, keyCount }) {
    let store = await open(folder)
    const typist = new Typist(Y, 'large', 0)
    for (let at = 0; at < megabytes; at++) {
      // Not one letter: LevelDB would compress it away.
      typist.text.insert(0, randomBytes(768 * 1024).toString('base64'))
      await store.append([{ document: 'large', updates: [typist.update], state: typist.state }])
    }
    await store.compact?.('large')
    const keyMs = []
    for (let key = 0; key < keyCount; key++) {
      const entry = typist.key()
      keyMs.push((await timed(() => store.append([entry]))).ms)
    }
    await store.close()
    const diskMb = folderMb(folder)
    store = await open(folder)
    const { ms } = await timed(() => store.read('large'))
    await store.close()
    return { largeKeyMs: median(keyMs), largeOpenMs: ms, largeDiskMb: diskMb }
  },

  /** A document with very many updates: storing them, reading it before and after a compaction, and that itself. */
  async long({ open, folder, Y, updateCount, batchCount }) {
    let store = await open(folder)
    const typist = new Typist(Y, 'long', 10)
    await store.append([typist.seed])
    let storedMs = 0
    for (let at = 1; at < updateCount; at += batchCount) {
      const updates = Array.from({ length: batchCount }, () => typist.key().updates[0])
      const entry = { document: 'long', updates, state: typist.state }
      storedMs += (await timed(() => store.append([entry]))).ms
    }
    await store.close()
    store = await open(folder)
    const before = await timed(() => store.read('long'))
    const compacted = store.compact ? await timed(() => store.compact('long')) : undefined
    await store.close()
    store = await open(folder)
    const after = await timed(() => store.read('long'))
    await store.close()
    return {
      longUpdates: updateCount,
      longStoreMs: storedMs,
      longOpenMs: before.ms,
      ...(compacted && { longCompactMs: compacted.ms }),
      longCompactedOpenMs: after.ms,
      longDiskMb: folderMb(folder),
    }
  },

  /** A recorded document from the store and the same bytes from a file, in turns. */
  async paper({ open, folder, statePath, turnCount }) {
    const store = await open(folder)
    const update = new Uint8Array(readFileSync(statePath))
    await store.append([{ document: 'paper', updates: [update], state: () => update }])
    await store.compact('paper')
    const file = `${statePath}.snapshot`
    writeFileSync(file, await store.read('paper'))
    const [fromStore, fromFile] = [[], []]
    for (let turn = -20; turn < turnCount; turn++) {
      const stored = await timed(() => store.read('paper'))
      const read = await timed(() => readFile(file))
      if (turn < 0) continue
      fromStore.push(stored.ms)
      fromFile.push(read.ms)
    }
    await store.close()
    return {
      paperBytes: statSync(file).size,
      paperOpenMs: median(fromStore),
      paperFileMs: median(fromFile),
    }
  },
}

/** Runs the job that the arguments of this process ask for, and prints its numbers as the last line. */
export async function runJob(open, Y) {
  const { job, ...options } = JSON.parse(process.argv.at(-1))
  process.stdout.write(`${JSON.stringify(await jobs[job]({ ...options, open, Y }))}\n`)
}
