// Loaded into a server under test with `--import`: answers every message of its parent with the CPU
// time of the whole process, in µs. /proc counts in steps of 10 ms, too coarse for one join.
process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuUs: user + system })
})
process.channel?.unref()
