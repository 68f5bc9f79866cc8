/**
 * Everybody's cursor moves. Forwarding each to each is the square of the people; what a person needs
 * is to see, soon, where everybody is now. A position that was passed over for a newer one of the same
 * cursor is not missing; a last position that was never shown is.
 */
import { presence } from '../config.ts'
import { measureStretch, type Stretch, sleep, withLoad } from '../measure.ts'
import { type CaseResult, rounded } from '../results.ts'
import { boundGoal, ratioGoal, rowsOf, runRounds } from '../rounds.ts'
import type { Subject, SubjectName } from '../subjects/subject.ts'

type Values = Record<keyof Stretch | 'cpuUsPerMove' | 'shownShare' | 'notShown', number>

export async function runPresence(): Promise<CaseResult> {
  const { socketCount, movesPerSecondEach, goal } = presence
  const rounds = await runRounds<Values>({
    subjects: ['quire', 'relay', 'hocuspocus', 'y-websocket-server'],
    roundCount: presence.roundCount,
    run: runRound,
    line: ({ cpuUsPerMove, moveP95Ms, shownShare, notShown }) =>
      `${rounded(cpuUsPerMove, 0)} µs CPU per move, p95 ${rounded(moveP95Ms)} ms, shown ${rounded(shownShare)}, last positions not shown ${notShown}`,
  })
  const cost = (subject: SubjectName): number => rounds.of(subject, 'cpuUsPerMove')
  return {
    name: 'presence',
    question: `CPU of the server per cursor move, and when the others see it: one room, ${socketCount} sockets, each moving its cursor ${movesPerSecondEach} times a second.`,
    method: [
      ...rounds.method,
      `${presence.roundCount} rounds each, alternating order, a fresh process per round; ${presence.warmUpMs / 1_000} s warm-up, ${presence.measureMs / 1_000} s measured; medians.`,
      'Latency: from sending a position until it, or a newer one of the same cursor, reached a socket. `shownShare`: of all positions and receivers, how many were shown or passed over within the measured time; below 1 a backlog grows.',
      'CPU per move: CPU of the measured time by the moves that were shown to everybody in it, so that a server with a backlog is not credited with what it has not done.',
      `\`notShown\`: pairs of receiver and cursor whose last position was not there ${presence.waitMsMax / 1_000} s after the last move.`,
    ],
    rows: rowsOf(rounds, {
      cpuUsPerMove: 0,
      cpuMs: 0,
      moveP50Ms: 2,
      moveP95Ms: 2,
      shownShare: 3,
      notShown: 0,
      residentMb: 0,
      generatorBusyShare: 2,
    }),
    goals: [
      ratioGoal(
        'CPU per move, of y-websocket-server’s',
        cost('quire'),
        cost('y-websocket-server'),
        goal.yWebsocketRatioMax,
      ),
      ratioGoal(
        'CPU per move, of Hocuspocus’',
        cost('quire'),
        cost('hocuspocus'),
        goal.hocuspocusRatioMax,
      ),
      boundGoal('p95 until shown', rounds.of('quire', 'moveP95Ms'), goal.p95MsMax, 'ms'),
      boundGoal('last positions not shown', rounds.of('quire', 'notShown'), 0, 'pairs'),
    ],
    notes: rounds.notes,
    rounds: rounds.rounds,
  }
}

function runRound(subject: Subject): Promise<Values> {
  const { socketCount, movesPerSecondEach } = presence
  return withLoad(subject, async (server, generator) => {
    await generator.open({
      target: server.target,
      documents: ['presence'],
      socketsPerDocument: socketCount,
      atOnce: 10,
    })
    await generator.move({ moversPerDocument: socketCount, movesPerSecondEach })
    await sleep(presence.warmUpMs)
    const stretch = await measureStretch(server, generator, presence.measureMs)
    const { notShown } = await generator.rest(presence.waitMsMax)
    return {
      ...stretch,
      notShown,
      cpuUsPerMove: (stretch.cpuMs * 1_000) / (stretch.movesShown / (socketCount - 1)),
      shownShare: stretch.movesShown / (stretch.movesSent * (socketCount - 1)),
    }
  })
}
