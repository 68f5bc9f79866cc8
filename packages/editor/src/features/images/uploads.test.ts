// @vitest-environment jsdom
import { until } from '@quire/testkit'
import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { edit, host, seeded, text, type } from '../../../test/open-editor.ts'

test('an upload keeps its place while colleagues write, and becomes an image once', async () => {
  let finish: (stored: { src: string }) => void = () => undefined
  const upload = () => new Promise<{ src: string }>((resolve) => (finish = resolve))
  const doc = seeded()
  const editor = edit({ doc, upload })
  type(editor, 'text')
  editor.commands.uploadImages([new File(['x'], 'sea.png', { type: 'image/png' })])
  expect(editor.view.dom.querySelectorAll('.quire-upload')).toHaveLength(1)
  expect(text(editor)).toBe('p text|')
  const block = new Y.XmlElement('block')
  block.setAttribute('kind', 'paragraph')
  doc.transact(() => doc.getXmlFragment('content').insert(0, [block]), 'remote')
  await until('the placeholder names the file', () => host.textContent?.includes('sea.png'))
  finish({ src: '/files/sea.png' })
  await until('the image is there', () => editor.view.state.doc.childCount === 3)
  expect(text(editor)).toBe('p\np text|\nimg')
  expect(editor.view.state.doc.lastChild?.attrs).toMatchObject({
    src: '/files/sea.png',
    alt: 'sea',
  })
  expect(editor.view.dom.querySelectorAll('.quire-upload')).toHaveLength(0)
})

test('a failed upload stays, and can be tried again or removed', async () => {
  let tries = 0
  const upload = async () => {
    tries += 1
    if (tries === 1) throw new Error('offline')
    return { src: '/files/a.png' }
  }
  const editor = edit({ upload })
  editor.commands.uploadImages([new File(['x'], 'a.png', { type: 'image/png' })])
  await until('the failure shows', () => host.querySelector('.quire-upload.is-failed') !== null)
  const retry = host.querySelector<HTMLElement>('.quire-upload button')
  retry?.click()
  await until('the image is there', () => text(editor).startsWith('img'))
  expect(tries).toBe(2)
})
