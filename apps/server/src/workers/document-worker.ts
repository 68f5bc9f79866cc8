/** The thread of a document worker: storage's own jobs, and those that read what people wrote. `document-workers.ts` starts it. */
import {
  diffStates,
  type Edit,
  editState,
  extractText,
  renderState,
  type StateBytes,
} from '@quire/document/states'
import { serveJobs, storageJobs, updatesIn } from '@quire/persistence/work'
import type { DocumentJobs, EditMessage, StateMessage } from './document-jobs.ts'

const bytesOf = (state: StateMessage): StateBytes =>
  'rows' in state ? { updates: updatesIn(state.rows) } : state

const editOf = (edit: EditMessage): Edit =>
  edit.kind === 'restore' ? { kind: 'restore', state: bytesOf(edit.state) } : edit

const jobs: DocumentJobs = {
  ...storageJobs,
  render: ({ state, format }) => renderState(bytesOf(state), format),
  extract: ({ state, charsMax }) => extractText(bytesOf(state), charsMax),
  edit: ({ state, edit }) => ({ update: editState(bytesOf(state), editOf(edit)) }),
  diff: ({ before, after }) => diffStates(bytesOf(before), bytesOf(after)),
}

serveJobs(jobs)
