/** Every magnitude of the benchmarks, with its unit. Predictions and goals stand beside what they judge. */

/** One room in which few type and many read. */
export const fanOut = {
  socketCount: 50,
  typistCount: 10,
  keysPerSecondEach: 5,
  /** At this rate V8 needs some 10 s to have compiled what is hot; a server is up for days. */
  warmUpMs: 12_000,
  /** About 49,000 deliveries, some 0.5 s of CPU: /proc counts it in steps of 10 ms, so to 2 %. */
  measureMs: 20_000,
  roundCount: 4,
  /** Quire's CPU per delivered update against the relay's, medians. */
  goalRatioMax: 1.2,
  /** Above this share of its event loop the generator measures itself. */
  generatorBusyShareMax: 0.8,
} as const

/** The first reader of a large stored document after a start. */
export const coldJoin = {
  roundCount: 7,
  /** Used when there is no recorded document: characters of a made one, with a deletion every few. */
  madeEditCount: 260_000,
  goalCpuMsMax: 10,
} as const
