/**
 * Every magnitude of the benchmarks, with its unit. Goals stand beside what they judge.
 *
 * `QUIRE_BENCH=quick` makes each case short enough to see that it works; its numbers mean nothing and
 * are not written to `results/`.
 */
export const isQuick: boolean = process.env['QUIRE_BENCH'] === 'quick'

const choose = <Value>(full: Value, quick: Value): Value => (isQuick ? quick : full)

const rounds = choose(3, 1)

/** One room in which few type and many read, cursors moving too. */
export const fanOut = {
  socketCount: choose(50, 10),
  typistCount: choose(10, 2),
  keysPerSecondEach: 5,
  /**
   * A server is up for days, and V8 goes on compiling for its first ten thousand edits: what runs once a
   * commit is hot last. They come fast here, then at the rate that is measured. Of 5 s of this, a third of
   * Quire's CPU in the measured time was still the compiler's; the relay has little to compile.
   */
  warmUpKeysPerSecondEach: 40,
  warmUpMs: choose(20_000, 500),
  settleMs: choose(2_000, 300),
  /** About 37,000 deliveries, some 0.4 s of CPU: /proc counts it in steps of 10 ms, so to 2.5 %. */
  measureMs: choose(15_000, 1_500),
  /** The relay's own figure differs by a third from round to round on a virtual machine; three were not enough for a ratio. */
  roundCount: choose(5, 1),
  goal: { relayRatioMax: 1.0, hocuspocusRatioMax: 0.5 },
}

/** The rate climbs until people would notice. */
export const saturation = {
  socketCount: choose(200, 20),
  writerCount: choose(20, 4),
  keysPerSecondEach: choose([5, 20, 40, 80, 160, 255, 320, 400], [5, 20]),
  settleMs: choose(1_500, 300),
  measureMs: choose(3_000, 700),
  /** Beyond it typing of others is seen to lag. */
  p99MsMax: 100,
  /** Of what was sent while it was measured; below, a backlog grows. */
  keptShareMin: 0.95,
  roundCount: rounds,
  goal: { deliveriesPerSecondMin: 1_000_000, hocuspocusRatioMax: 0.4, yWebsocketRatioMax: 0.06 },
}

/** Many documents, two people in each. */
export const manyRooms = {
  roomCount: choose(500, 20),
  socketsPerRoom: 2,
  keysPerSecondEach: 2,
  documentChars: 6_000,
  warmUpMs: choose(6_000, 500),
  measureMs: choose(10_000, 1_500),
  /** Stores that write later, compaction and garbage collection end before idleness is measured. */
  restMs: choose(12_000, 500),
  idleMs: choose(10_000, 1_000),
  roundCount: rounds,
  goal: { cpuRatioMax: 0.6, memoryRatioMax: 0.4, p99MsMax: 10, idleCpuMsPerSecondMax: 1 },
}

/** Everybody's cursor moves. */
export const presence = {
  socketCount: choose(200, 20),
  movesPerSecondEach: 5,
  warmUpMs: choose(3_000, 300),
  measureMs: choose(8_000, 1_000),
  /** For the last positions to arrive. */
  waitMsMax: choose(5_000, 2_000),
  roundCount: rounds,
  goal: { yWebsocketRatioMax: 0.08, hocuspocusRatioMax: 0.17, p95MsMax: 35 },
}

/** Reading a large document: warm, everybody at once, and cold. */
export const join = {
  /** Used when there is no recorded document. */
  madeEditCount: choose(260_000, 20_000),
  warmUpJoins: choose(10, 2),
  warmJoins: choose(15, 3),
  crowdCount: choose(100, 10),
  /** Stores that write later have written by then. */
  storeMs: choose(4_000, 3_000),
  waitMsMax: 20_000,
  roundCount: rounds,
  goal: { warmRatioMax: 0.15, crowdRatioMax: 0.05, coldRatioMax: 0.15 },
}

/** The first reader of a large stored document after a start, Quire alone. */
export const coldJoin = {
  roundCount: choose(7, 2),
  madeEditCount: join.madeEditCount,
  goalCpuMsMax: 10,
}

/** Typing in a document of blocks, large and empty. */
export const largeDocument = {
  megabytes: choose(20, 2),
  updateMegabytes: 2,
  socketCount: 10,
  typistCount: 5,
  keysPerSecondEach: 40,
  /** Until the content is stored and compacted. */
  quietMsMax: 60_000,
  warmUpMs: choose(5_000, 500),
  measureMs: choose(8_000, 1_000),
  roundCount: rounds,
  goal: { growthMax: 1.1, yWebsocketRatioMax: 0.6 },
}

/** A server comes back and everybody with it. */
export const reconnect = {
  roomCount: choose(100, 10),
  socketsPerRoom: choose(10, 3),
  documentChars: 20_000,
  storeMs: choose(4_000, 3_000),
  waitMsMax: 30_000,
  afterMs: 500,
  /** Between two questions to the event loop. */
  probeEveryMs: 5,
  roundCount: rounds,
  goal: { timeRatioMax: 0.4, cpuRatioMax: 0.35, stallMsMax: 100 },
}

/** How long until an edit is on disk and its author knows. */
export const ack = {
  typistCount: choose(50, 5),
  keysPerSecondEach: 5,
  warmUpMs: choose(4_000, 500),
  measureMs: choose(12_000, 1_500),
  fsyncCount: choose(300, 30),
  roundCount: rounds,
  goal: { p50MsMax: 20, p95MsMax: 60 },
}

/** The stores alone, without a server before them. */
export const persistence = {
  jobs: {
    many: {
      documentCount: choose(1_000, 100),
      documentChars: 6_000,
      /** As many documents as `rooms` has in one commit. */
      typistCount: choose(200, 20),
      measureMs: choose(2_000, 300),
    },
    large: { megabytes: choose(20, 2), keyCount: choose(10, 5) },
    long: { updateCount: choose(1_000_000, 10_000), batchCount: choose(1_000, 100) },
  },
  /** y-leveldb reads each update by itself, a hundred times slower. */
  longPeerUpdateCount: choose(50_000, 1_000),
  madeEditCount: choose(260_000, 20_000),
  paperTurnCount: choose(200, 20),
  roundCount: choose(2, 1),
  goal: { durableTimesMin: 5, paperRatioMax: 1.2 },
}

/** Somebody does not read while much is written. */
export const paused = {
  /** Several, because Quire slows down one who sends more than a person could. */
  writerCount: 4,
  megabytes: choose(200, 10),
  megabytesPerSecond: 20,
  updateBytes: 64 * 1024,
  convergeMsMax: 30_000,
  sampleEveryMs: 50,
  roundCount: rounds,
  goal: { growthMbMax: 16 },
}

/** Frames that are meant to harm. */
export const hostile = {
  neighbourKeysPerSecond: 10,
  warmUpMs: choose(3_000, 300),
  /** How long a frame is watched: its CPU, memory and close code. */
  watchMs: choose(700, 150),
  sampleEveryMs: 10,
  goal: { cpuMsMax: 50, growthMbMax: 32, neighboursP99MsMax: 100 },
}
