/** The playground: several people at one document on one page, live or as a replay of the fuzz. */
import './style/tokens.css'
import './style/page.css'
import './style/pane.css'
import './style/log.css'
import './style/replay.css'
import './style/editor.css'
import { must } from '@quire/base'
import { readAddress } from './address.ts'

const place = must(document.querySelector<HTMLElement>('#playground'), 'the page has its place')
const address = readAddress(location.search)
if (address.kind === 'live') {
  const { openLive } = await import('./live/live-page.ts')
  openLive(place, address)
} else {
  const { openReplay } = await import('./replay/replay-page.ts')
  openReplay(place, address)
}
