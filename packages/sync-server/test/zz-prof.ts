import { startHost, RawClient } from './harness.ts'
import { hostileFrames } from './hostile-frames.ts'
import { encodeStep1 } from '@quire/protocol'
import { fork } from 'node:child_process'
if (process.argv[2] === 'server') {
  const host = await startHost()
  process.send!({ url: host.url })
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send!({
      cpu: (user + system) / 1000,
      closed: host.sync.stats().counters.closed,
      taken: host.sync.stats().counters.updatesTaken,
    })
  })
  process.on('disconnect', () => process.exit(0))
} else {
  const child = fork(import.meta.filename ?? new URL(import.meta.url).pathname, ['server'], {
    execArgv: [
      '--conditions=source',
      '--import',
      'tsx',
      ...(process.env.PROF ? ['--cpu-prof', '--cpu-prof-dir=/tmp/prof2'] : []),
    ],
  })
  const next = () => new Promise<any>((r) => child.once('message', r))
  const { url } = await next()
  const ask = () => {
    const p = next()
    child.send('x')
    return p
  }
  const wanted = process.argv[3]!
  const frame = hostileFrames.find((f) => f.name.startsWith(wanted))!
  const msgs = frame.messages()
  for (let i = 0; i < Number(process.argv[4] ?? 3); i++) {
    const c = await RawClient.open(url + '/sync/doc' + i, { isSilent: true })
    c.send(encodeStep1(Uint8Array.of(0)))
    await new Promise((r) => setTimeout(r, 300))
    const a = await ask()
    for (const m of msgs) c.send(m)
    await new Promise((r) => setTimeout(r, 1500))
    const b = await ask()
    console.log(
      (b.cpu - a.cpu).toFixed(1),
      'ms',
      JSON.stringify(b.closed),
      b.taken,
      msgs.map((m) => m.length),
    )
    c.ws.terminate()
  }
  child.disconnect()
  await new Promise((r) => child.once('exit', r))
  process.exit(0)
}
