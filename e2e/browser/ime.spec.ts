/**
 * Input methods, through the browser's own composition events, while a colleague types in the same line
 * and in another one all the time. Chromium only: no other browser can be told to compose.
 */
import type { CDPSession, Page } from '@playwright/test'
import { expect, test } from './fixtures.ts'
import type { Writer } from './writer.ts'

/** The browser's input method in the hand of a test. */
class InputMethod {
  readonly #session: CDPSession
  readonly #page: Page

  private constructor(session: CDPSession, page: Page) {
    this.#session = session
    this.#page = page
  }

  static async of({ context, page }: Writer): Promise<InputMethod> {
    return new InputMethod(await context.newCDPSession(page), page)
  }

  /** What is composed becomes `text`. */
  async compose(
    text: string,
    replaced?: { readonly from: number; readonly to: number },
  ): Promise<void> {
    await this.#session.send('Input.imeSetComposition', {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
      ...(replaced && { replacementStart: replaced.from, replacementEnd: replaced.to }),
    })
  }

  /** Takes up the word that ends at the caret, in the first line, and makes it `text`. */
  async composeOver(word: string, text: string): Promise<void> {
    const to = await this.#page.evaluate(
      () => window.quire?.editor.view.state.selection.$head.parentOffset ?? 0,
    )
    await this.compose(text, { from: to - word.length, to })
  }

  async choose(text: string): Promise<void> {
    await this.#session.send('Input.insertText', { text })
  }
}

/** Types on and on until told to stop; answers with what was typed. */
function keepTyping(writer: Writer, signs: string): () => Promise<string> {
  let isOver = false
  const typing = (async () => {
    let typed = ''
    while (!isOver) {
      const sign = signs.charAt(typed.length % signs.length)
      await writer.type(sign)
      typed += sign
    }
    return typed
  })()
  return () => {
    isOver = true
    return typing
  }
}

/** Counts the compositions that began in the page and how often one ended. */
async function watchCompositions(
  writer: Writer,
): Promise<() => Promise<{ started: number; ended: number }>> {
  await writer.page.evaluate(() => {
    const counts = { started: 0, ended: 0 }
    Object.assign(window, { compositions: counts })
    document.addEventListener('compositionstart', () => (counts.started += 1), true)
    document.addEventListener('compositionend', () => (counts.ended += 1), true)
  })
  return () =>
    writer.page.evaluate(
      () =>
        (window as unknown as { compositions: { started: number; ended: number } }).compositions,
    )
}

/** Where in the line the colleague types. */
type Side = 'in front' | 'behind'

interface Scene {
  readonly ada: Writer
  readonly ime: InputMethod
  readonly counts: () => Promise<{ started: number; ended: number }>
  /** Ends the colleagues' typing; answers with what each wrote. */
  readonly quiet: () => Promise<{ readonly beside: string; readonly elsewhere: string }>
}

test.describe('while colleagues type', () => {
  const samples: readonly [
    name: string,
    beside: Side,
    write: (ime: InputMethod) => Promise<string>,
  ][] = [
    [
      'Japanese: from letters over kana to kanji',
      'in front',
      async (ime) => {
        for (const text of ['n', 'に', 'にh', 'にほ', 'にほn', 'にほんg', 'にほんご'])
          await ime.compose(text)
        for (const text of ['日本語', '二本後', '日本語']) await ime.compose(text)
        await ime.choose('日本語')
        for (const text of ['w', 'を', 'をk', 'をか', 'をかk', 'をかく']) await ime.compose(text)
        await ime.compose('を書く')
        await ime.choose('を書く')
        return '日本語を書く'
      },
    ],
    [
      'Korean: each syllable is built up',
      'in front',
      async (ime) => {
        for (const steps of [
          ['ㅎ', '하', '한'],
          ['ㄱ', '그', '글'],
          ['ㅇ', '이', '입'],
          ['ㄹ', '려', '력'],
        ]) {
          for (const text of steps) await ime.compose(text)
          await ime.choose(steps.at(-1) ?? '')
        }
        return '한글입력'
      },
    ],
    // Behind: where a word is taken up again is said by its offset in the line.
    [
      'Android: a Latin word is composed as a whole, key by key',
      'behind',
      async (ime) => {
        for (const word of ['hello', ' wide', ' world']) {
          for (let end = 1; end <= word.length; end++) await ime.compose(word.slice(0, end))
          await ime.choose(word)
        }
        // A word that stands there is taken up again and put right.
        await ime.composeOver('world', 'wor')
        await ime.compose('word')
        await ime.choose('word')
        return 'hello wide word'
      },
    ],
  ]

  for (const [name, side, write] of samples) {
    test(name, async ({ people }) => {
      const { ada, ime, counts, quiet } = await arrive(people, side)
      const text = await write(ime)
      const { beside, elsewhere } = await quiet()
      const { started, ended } = await counts()
      expect(ended).toBe(started)
      const [left, right] = side === 'behind' ? ['', beside] : [beside, '']
      const lines = [
        `paragraph: left ${left} here:${text} right${right}`,
        `paragraph: other ${elsewhere}`,
      ]
      await expect.poll(() => ada.lines()).toEqual(lines)
    })
  }

  test('a colleague’s words are shown after a while, and the composition goes on', async ({
    people,
  }) => {
    const ada = await people.join('Ada')
    await ada.paper.click()
    await ada.type('left  here: right')
    await ada.status('saved')
    const ben = await people.join('Ben')
    await ben.sees('right')
    await ada.caret('after', 'here:')
    await ben.caret('after', 'left ')
    const ime = await InputMethod.of(ada)
    await ime.compose('に')
    await ben.sees('に')
    await ben.type('Hi')
    // For a while she has the words and does not see them.
    await ada.page.waitForFunction(() => {
      const { doc, editor } = window.quire ?? {}
      const hasThem = doc?.getXmlFragment('content').toJSON().includes('left Hi')
      return hasThem && editor?.view.state.doc.textContent === 'left  here:に right'
    })
    await ada.sees('left Hi')
    await ime.compose('にほ')
    await ime.compose('日本')
    await ime.choose('日本')
    await expect.poll(() => ada.lines()).toEqual(['paragraph: left Hi here:日本 right'])
  })

  test('a composition that is taken back leaves nothing', async ({ people }) => {
    const { ada, ime, quiet } = await arrive(people, 'in front')
    for (const text of ['k', 'か', 'かn', 'かん']) await ime.compose(text)
    await ime.compose('')
    const { beside, elsewhere } = await quiet()
    const lines = [`paragraph: left ${beside} here: right`, `paragraph: other ${elsewhere}`]
    await expect.poll(() => ada.lines()).toEqual(lines)
  })
})

async function arrive(people: { join(name: string): Promise<Writer> }, side: Side): Promise<Scene> {
  const ada = await people.join('Ada')
  await ada.paper.click()
  await ada.type('left  here: right\nother ')
  await ada.status('saved')
  const ben = await people.join('Ben')
  const cleo = await people.join('Cleo')
  for (const writer of [ben, cleo]) await writer.sees('other')
  await ben.caret('after', side === 'behind' ? 'right' : 'left ')
  await cleo.caret('after', 'other ')
  await ada.caret('after', 'here:')
  const ime = await InputMethod.of(ada)
  const counts = await watchCompositions(ada)
  const benStops = keepTyping(ben, 'abcdefgh')
  const cleoStops = keepTyping(cleo, 'stuvwxyz')
  return {
    ada,
    ime,
    counts,
    async quiet() {
      const [beside, elsewhere] = await Promise.all([benStops(), cleoStops()])
      return { beside, elsewhere }
    },
  }
}
