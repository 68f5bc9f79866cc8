/**
 * Does many things each at its own rate with one timer: a heap by time. What is late is done at once
 * and counts as done when it is done: a late generator shows as its own busy share, not as a latency.
 */
interface Task {
  dueMs: number
  periodMs: number
  readonly act: () => void
  isStopped: boolean
}

export interface PacedTask {
  setPeriod(periodMs: number): void
  stop(): void
}

/** A task that is more than this late has lost its place in the rhythm and does not catch up. */
const lateMsMax = 1_000

export class Pace {
  readonly #heap: Task[] = []
  #timer: NodeJS.Timeout | undefined = undefined

  /** Calls `act` every `periodMs`, first after `delayMs`. */
  every(periodMs: number, delayMs: number, act: () => void): PacedTask {
    const task: Task = { dueMs: performance.now() + delayMs, periodMs, act, isStopped: false }
    this.#push(task)
    this.#arm()
    return {
      setPeriod(next) {
        task.periodMs = next
      },
      stop() {
        task.isStopped = true
      },
    }
  }

  #arm(): void {
    const next = this.#heap[0]
    clearTimeout(this.#timer)
    if (!next) return
    this.#timer = setTimeout(() => this.#run(), Math.max(0, next.dueMs - performance.now()))
  }

  #run(): void {
    const nowMs = performance.now()
    for (let task = this.#heap[0]; task && task.dueMs <= nowMs; task = this.#heap[0]) {
      this.#pop()
      if (task.isStopped) continue
      task.act()
      task.dueMs = Math.max(task.dueMs + task.periodMs, nowMs - lateMsMax)
      this.#push(task)
    }
    this.#arm()
  }

  #push(task: Task): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(task)
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = heap[up] as Task
      if (parent.dueMs <= task.dueMs) break
      heap[at] = parent
      at = up
    }
    heap[at] = task
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (!last || heap.length === 0) return
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= heap.length) break
      const right = heap[child + 1]
      if (right && right.dueMs < (heap[child] as Task).dueMs) child += 1
      const smaller = heap[child] as Task
      if (smaller.dueMs >= last.dueMs) break
      heap[at] = smaller
      at = child
    }
    heap[at] = last
  }
}
