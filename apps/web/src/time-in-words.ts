/**
 * When something happened, as people say it. Pure: the caller gives both times.
 * Days are those of the reader's time zone.
 */
const minuteMs = 60_000
const hourMs = 60 * minuteMs

const weekday = new Intl.DateTimeFormat('en', { weekday: 'long' })
const dayAndMonth = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'long' })
const dayMonthYear = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
})
const exact = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeStyle: 'short' })

function startOfDay(atMs: number): Date {
  const day = new Date(atMs)
  day.setHours(0, 0, 0, 0)
  return day
}

/** Whole days between the two calendar days; a day of 23 or 25 hours counts as one. */
function daysBetween(earlierMs: number, laterMs: number): number {
  return Math.round(
    (startOfDay(laterMs).getTime() - startOfDay(earlierMs).getTime()) / (24 * hourMs),
  )
}

const counted = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'} ago`

/** Such as "just now", "5 minutes ago", "yesterday", "Monday", "3 March", "3 March 2024". A time to come, by a clock that is off, is "just now". */
export function timeInWords(atMs: number, nowMs: number): string {
  const agoMs = nowMs - atMs
  if (agoMs < minuteMs) return 'just now'
  if (agoMs < hourMs) return counted(Math.floor(agoMs / minuteMs), 'minute')
  const days = daysBetween(atMs, nowMs)
  if (days === 0) return counted(Math.floor(agoMs / hourMs), 'hour')
  if (days === 1) return 'yesterday'
  if (days < 7) return weekday.format(atMs)
  const sameYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear()
  return (sameYear ? dayAndMonth : dayMonthYear).format(atMs)
}

/** The full date and time, for a tooltip. */
export function exactTime(atMs: number): string {
  return exact.format(atMs)
}
