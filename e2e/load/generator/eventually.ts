/** Whether `isDone` became true within `waitMsMax`. Asks every few ms, which costs less than being told by a thousand sockets. */
export async function eventually(isDone: () => boolean, waitMsMax: number): Promise<boolean> {
  const endMs = performance.now() + waitMsMax
  while (!isDone()) {
    if (performance.now() >= endMs) return false
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return true
}
