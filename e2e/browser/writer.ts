/**
 * A person in a browser of their own, at one document. Everything they do goes through the page;
 * the page's `window.quire` is used to look, to wait, and to put the caret somewhere.
 *
 * Nothing here sleeps: every wait is for a state.
 */
import type { Browser, BrowserContext, Locator, Page, WebSocketRoute } from '@playwright/test'
import { expect } from '@playwright/test'

/** What a page's console said that it should not have. */
export interface Complaint {
  readonly who: string
  readonly text: string
}

export interface WriterOptions {
  readonly name: string
  readonly viewport?: { width: number; height: number }
  readonly colorScheme?: 'light' | 'dark'
  readonly hasTouch?: boolean
  /** `none`: the browser keeps no copy of anything, as in some private modes. */
  readonly storage?: 'none'
}

/** One block of the document, as far as tests compare it. */
export interface BlockJson {
  readonly type: string
  readonly attrs?: Readonly<Record<string, unknown>>
  readonly content?: readonly BlockJson[]
  readonly text?: string
  readonly marks?: readonly { type: string; attrs?: Readonly<Record<string, unknown>> }[]
}

/** How the page's socket is treated. Real networks fail in more ways; these are the ones a test can say. */
type Wire =
  | { readonly kind: 'open' }
  /** Sockets are closed, new ones too. */
  | { readonly kind: 'cut' }
  /** Everything passes but what the server says is saved. */
  | { readonly kind: 'acks held' }

const savedMessage = 17

export class Writer {
  readonly name: string
  readonly page: Page
  readonly context: BrowserContext
  readonly complaints: Complaint[] = []
  /** A test that cuts the network says so; the browser's own complaints about it are then expected. */
  mayLoseNetwork = false
  #wire: Wire = { kind: 'open' }
  readonly #sockets = new Set<WebSocketRoute>()
  readonly #heldAcks: { socket: WebSocketRoute; message: string | Buffer }[] = []

  private constructor(name: string, context: BrowserContext, page: Page) {
    this.name = name
    this.context = context
    this.page = page
  }

  /** A browser of one's own with a name already chosen. Opens no page yet. */
  static async arrive(browser: Browser, options: WriterOptions): Promise<Writer> {
    const { name, viewport, colorScheme, hasTouch } = options
    const context = await browser.newContext({
      ...(viewport ? { viewport } : {}),
      ...(colorScheme ? { colorScheme } : {}),
      ...(hasTouch ? { hasTouch } : {}),
    })
    await context.addInitScript(chooseProfile, JSON.stringify({ name, color: colorOf(name) }))
    if (options.storage === 'none') {
      await context.addInitScript(() => {
        Object.defineProperty(window, 'indexedDB', { value: undefined })
      })
    }
    const page = await context.newPage()
    const writer = new Writer(name, context, page)
    page.on('pageerror', (error) => writer.#complain(String(error.stack ?? error)))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        writer.#complain(message.text())
      }
    })
    return writer
  }

  #complain(text: string): void {
    const isNetwork =
      /net::ERR_|NetworkError|WebSocket|can.t establish a connection|Failed to load resource/
    if (this.mayLoseNetwork && isNetwork.test(text)) return
    this.complaints.push({ who: this.name, text })
  }

  /** Puts the test between this page and the server. Before the page opens. */
  async holdTheWire(): Promise<void> {
    this.mayLoseNetwork = true
    await this.page.routeWebSocket(/\/sync\//, (socket) => {
      if (this.#wire.kind === 'cut') return void socket.close({ code: 1001, reason: 'cut' })
      this.#sockets.add(socket)
      const server = socket.connectToServer()
      server.onMessage((message) => {
        const isAck = typeof message !== 'string' && message[0] === savedMessage
        if (this.#wire.kind === 'acks held' && isAck) this.#heldAcks.push({ socket, message })
        else socket.send(message)
      })
      socket.onMessage((message) => server.send(message))
      socket.onClose(() => {
        this.#sockets.delete(socket)
        void server.close()
      })
      server.onClose((code, reason) => {
        this.#sockets.delete(socket)
        void socket.close({ ...(code === undefined ? {} : { code }), reason: reason ?? '' })
      })
    })
  }

  /** Changes the wire from now on. Needs `holdTheWire` before the page opened. */
  async setWire(kind: Wire['kind']): Promise<void> {
    this.#wire = { kind }
    if (kind === 'cut') {
      for (const socket of this.#sockets) await socket.close({ code: 1001, reason: 'cut' })
      this.#sockets.clear()
    }
    if (kind === 'open') {
      for (const { socket, message } of this.#heldAcks.splice(0)) socket.send(message)
    }
  }

  /** Opens the document and waits until it can be written in. */
  async open(url: string): Promise<void> {
    await this.page.goto(url)
    await this.ready()
  }

  async ready(): Promise<void> {
    await this.page.waitForFunction(() => window.quire?.editor.view.editable === true)
  }

  get paper(): Locator {
    return this.page.locator('.ProseMirror')
  }

  get indicator(): Locator {
    return this.page.getByTestId('save-indicator')
  }

  /** Waits until the provider says that. */
  async status(kind: 'saved' | 'saving' | 'offline' | 'refused'): Promise<void> {
    await this.page.waitForFunction((wanted) => window.quire?.provider.status.kind === wanted, kind)
  }

  async statusNow(): Promise<string> {
    return this.page.evaluate(() => window.quire?.provider.status.kind ?? 'none')
  }

  async json(): Promise<BlockJson> {
    return this.page.evaluate(() => window.quire?.editor.json() as BlockJson)
  }

  /** The top blocks as "kind: text", for comparing at a glance. */
  async lines(): Promise<string[]> {
    return ((await this.json()).content ?? []).map(lineOf)
  }

  /** The whole document as one Yjs update. */
  async state(): Promise<Uint8Array> {
    const bytes = await this.page.evaluate(() => Array.from(window.quire?.encode() ?? []))
    return Uint8Array.from(bytes)
  }

  /** Puts the caret beside the first place where `text` stands, and focuses the page. */
  async caret(side: 'before' | 'after', text: string): Promise<void> {
    await this.select(text, side)
  }

  /** Selects the first place where `text` stands within one block, or goes to one end of it. Waits for it: a colleague's words take their time. */
  async select(text: string, side: 'all' | 'before' | 'after' = 'all'): Promise<void> {
    const go = (): Promise<boolean> =>
      this.page.evaluate(
        ({ text, side }) => {
          const view = window.quire?.editor.view
          if (view === undefined) throw new Error('no editor')
          const { doc } = view.state
          let from = -1
          doc.descendants((node, pos) => {
            if (from >= 0 || !node.isTextblock) return from < 0
            const at = node.textBetween(0, node.content.size, undefined, '\ufffc').indexOf(text)
            if (at >= 0) from = pos + 1 + at
            return false
          })
          if (from < 0) return false
          const to = from + text.length
          const anchor = side === 'after' ? to : from
          const head = side === 'before' ? from : to
          // A text selection can be read from JSON without importing its class here.
          const { selection: before } = view.state
          const Selection = Object.getPrototypeOf(before.constructor) as {
            fromJSON(doc: unknown, json: unknown): typeof before
          }
          const selection = Selection.fromJSON(doc, { type: 'text', anchor, head })
          view.focus()
          view.dispatch(view.state.tr.setSelection(selection).scrollIntoView())
          return true
        },
        { text, side },
      )
    await expect.poll(go, { message: `"${text}" is in the document` }).toBe(true)
  }

  /** Types as a person: one key after the other. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text)
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key)
  }

  /** A table of three by three at the caret, by the slash menu; the caret ends in its first cell. */
  async insertTable(): Promise<void> {
    await this.type('/table')
    await this.press('Enter')
    await this.page.getByRole('application', { name: /^Table size/ }).press('Enter')
    await expect(this.cells.first()).toBeVisible()
  }

  /** The cells of all tables, row by row. */
  get cells(): Locator {
    return this.paper.locator('td, th')
  }

  /** Waits until the document holds `text`, whoever wrote it. */
  async sees(text: string): Promise<void> {
    await expect(this.paper).toContainText(text)
  }

  async close(): Promise<void> {
    await this.context.close()
  }
}

function lineOf(block: BlockJson): string {
  const { type, attrs } = block
  const kind = type === 'block' ? String(attrs?.['kind']) : type
  const level = kind === 'heading' ? ` ${String(attrs?.['level'])}` : ''
  const indent = Number(attrs?.['indent'] ?? 0)
  return `${'>'.repeat(indent)}${kind}${level}: ${textOf(block)}`.trimEnd()
}

/** The text of a block and of everything in it; cells and rows are told apart. */
export function textOf(block: BlockJson): string {
  if (block.type === 'text') return block.text ?? ''
  if (block.type === 'hard_break') return '\n'
  const separator = block.type === 'table' ? ' / ' : block.type === 'table_row' ? ' | ' : ''
  return (block.content ?? []).map(textOf).join(separator)
}

/** Runs in the page before its own scripts: who is here has chosen a name already. */
function chooseProfile(profile: string): void {
  // Also runs on the blank page before, whose origin has no storage.
  if (origin === 'null') return
  localStorage.setItem('quire.profile', localStorage.getItem('quire.profile') ?? profile)
}

/** The same name has the same colour in every run. */
function colorOf(name: string): string {
  const colors = ['#b5432c', '#0f7573', '#7a4cc0', '#1f6fa8', '#97600a']
  let sum = 0
  for (const character of name) sum += character.charCodeAt(0)
  return colors[sum % colors.length] ?? '#b5432c'
}
