/**
 * Link. The state of the connection to the server, as the rest of the package sees it.
 *
 * ```
 *            connect()                opened
 *   off ───────────────► connecting ─────────► open
 *    ▲                      │  ▲                │
 *    │ disconnect()         │  │ connect()      │ closed, silent, page offline
 *    │ (from anywhere)      ▼  │                ▼
 *    └────────────────────  lost  ◄─────────────┘      lost ─opened─► open
 *                 44xx ──► refused (from connecting, open, lost); connect() leaves it
 * ```
 */

/**
 * Whether the server says what it stored: `maybe` until it spoke a message of `quire.v1`, or until
 * the document is synced without one, which means `never`.
 */
export type Acknowledges = 'maybe' | 'yes' | 'never'

export type Link =
  /** Nobody wants a connection. */
  | { readonly kind: 'off' }
  /** The first attempt since `connect`. */
  | { readonly kind: 'connecting' }
  | { readonly kind: 'open'; readonly acknowledges: Acknowledges }
  /** Between two attempts, or in one that follows a failure. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'refused'; readonly code: number; readonly reason: string }
