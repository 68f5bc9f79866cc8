/** Honest people in a process of their own, for `neighbours.ts`: pairs that exchange letters until they are told to stop. */
import { until } from '@quire/testkit'
import { RawClient } from './harness.ts'

interface Pair {
  readonly ada: RawClient
  readonly bob: RawClient
}

const [url = '', ...documents] = process.argv.slice(2)
/** Between two letters of a pair. */
const pauseMs = 5

/** One letter from the one to the other, and how long it took in ms. */
async function exchange({ ada, bob }: Pair): Promise<number> {
  const letters = ada.doc.getText('letters')
  const seen = bob.doc.getText('letters')
  const length = letters.length + 1
  const arrived = new Promise<number>((resolve) => {
    const look = (): void => {
      if (seen.length < length) return
      seen.unobserve(look)
      resolve(performance.now())
    }
    seen.observe(look)
  })
  const startMs = performance.now()
  letters.insert(letters.length, 'x')
  return (await until('the letter arrives', () => arrived, 30_000)) - startMs
}

const times: number[] = []
let isStopping = false

async function run(pair: Pair): Promise<void> {
  while (!isStopping) {
    times.push(await exchange(pair))
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
}

const pairs: Pair[] = []
for (const document of documents) {
  const place = `${url}/sync/${document}`
  pairs.push({ ada: await RawClient.join(place), bob: await RawClient.join(place) })
}
const running = pairs.map(run)
process.on('disconnect', () => process.exit(0))
process.on('message', (wanted) => {
  if (wanted === 'lap') {
    process.send?.(times.splice(0))
    return
  }
  isStopping = true
  void Promise.all(running).then(async () => {
    for (const { ada, bob } of pairs) {
      await ada.close()
      await bob.close()
    }
    process.send?.(times)
  })
})
process.send?.('ready')
