/** The mark and the wordmark: a gathering of folded leaves, with the red thread that holds them. */
import type { ReactNode } from 'react'

export function Mark({ sizePx = 28 }: { readonly sizePx?: number }): ReactNode {
  return (
    <svg
      className="mark"
      width={sizePx}
      height={sizePx}
      viewBox="0 0 32 32"
      fill="none"
      aria-hidden="true"
    >
      <path
        className="mark__near"
        d="M16 7.2C12.6 4.9 8.4 4.2 3.6 5v17.6c4.8-.8 9-.1 12.4 2.2V7.2Z"
      />
      <path
        className="mark__far"
        d="M16 7.2c3.4-2.3 7.6-3 12.4-2.2v17.6c-4.8-.8-9-.1-12.4 2.2V7.2Z"
      />
      <path
        className="mark__thread"
        d="M3.6 25.8c4.8-.8 9-.1 12.4 2.2 3.4-2.3 7.6-3 12.4-2.2"
        strokeWidth="2.2"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  )
}

/** The name in letters of one stroke, so that it looks the same whatever fonts a machine has. */
export function Wordmark(): ReactNode {
  return (
    <svg
      className="wordmark"
      width="76"
      height="28"
      viewBox="0 0 76 28"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.5"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <circle cx="8.500" cy="13.500" r="6.250" />
      <path d="M14.750 7.300v18.200" />
      <path d="M22.250 7.300v6.800c0 3.500 2.200 5.650 5.350 5.650s5.400-2.150 5.400-5.650V7.300M33 14v5.700" />
      <path d="M40.500 7.300v12.400" />
      <path d="M40.500 2.250v.02" strokeWidth="3" />
      <path d="M48 19.700V7.300M48 13.200c0-3.700 2.300-6 6-5.900" />
      <path d="M58.300 13h12.400c0-3.500-2.600-5.900-6.100-5.900s-6.300 2.700-6.300 6.400 2.700 6.400 6.400 6.400c2.100 0 3.900-.8 5.100-2.300" />
    </svg>
  )
}
