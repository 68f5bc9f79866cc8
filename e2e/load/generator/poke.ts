/** One client that opens as it should, then sends what it should not, and sees what becomes of it. */
import type { PokeOptions, PokeReport } from './commands.ts'
import { maskedFrame } from './client-frame.ts'
import { eventually } from './eventually.ts'
import { LoadSocket } from './load-socket.ts'

/** A server under attack may be slow to open. */
const openMsMax = 10_000

export async function poke({ target, document, frames, waitMs }: PokeOptions): Promise<PokeReport> {
  let isSynced = false
  let closeCode: number | undefined
  let reason = ''
  const socket = new LoadSocket({
    target,
    document,
    holds: undefined,
    onUpdate: (_update, isAnswer) => {
      isSynced ||= isAnswer
    },
    onClose(code, why) {
      closeCode = code
      reason = why
    },
  })
  await eventually(() => isSynced || closeCode !== undefined, openMsMax)
  for (const { bytes, isRaw } of frames) socket.raw.write(isRaw ? bytes : maskedFrame(bytes))
  await eventually(() => closeCode !== undefined, waitMs)
  socket.raw.terminate()
  return { closeCode, reason }
}
