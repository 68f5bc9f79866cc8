/** Marks that were set or taken off line by line, as few steps: a transaction keeps the document before each of its steps. */
import { AddMarkStep, RemoveMarkStep, type Step } from 'prosemirror-transform'

/** Neighbouring steps with the same mark as one, as if nothing between them had it before or lacked it. The caller compares what comes of it. */
export function inStretches(steps: readonly Step[]): Step[] {
  const stretches: Step[] = []
  for (const step of steps) {
    const last = stretches.at(-1)
    if (last instanceof AddMarkStep && step instanceof AddMarkStep && last.mark.eq(step.mark)) {
      stretches.splice(-1, 1, new AddMarkStep(last.from, step.to, step.mark))
    } else if (
      last instanceof RemoveMarkStep &&
      step instanceof RemoveMarkStep &&
      last.mark.eq(step.mark)
    ) {
      stretches.splice(-1, 1, new RemoveMarkStep(last.from, step.to, step.mark))
    } else stretches.push(step)
  }
  return stretches
}
