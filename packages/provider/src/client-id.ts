/**
 * The Yjs client id under which this device writes, as the server hears of it. Two documents under one
 * id are not merged but diverge without a sign of it, so each says what it is before it writes, and
 * takes another id when the server says that this one is somebody else's.
 *
 * 1. An instance belongs to one Y.Doc for its whole life: that is how the server knows it again on a new
 *    connection. It is told to nobody else.
 * 2. Ids under which this device wrote what no server has acknowledged yet are told as well, also those of
 *    an earlier life of the page: the server then looks whether they are what it knows under them.
 * 3. Another id is for what is written from then on. What was written under the old one stays as it is:
 *    where it is the same as what the server knows nothing is lost or doubled; where it is not the
 *    server refuses it (4412), and the copy stays on this device.
 */
import type { Random } from '@quire/base'
import { defaultLimits, encodeClient, instanceBytes } from '@quire/protocol'
import type * as Y from 'yjs'

const instances = new WeakMap<Y.Doc, Uint8Array>()

/** The frame that says under which ids this device writes and wrote; of many earlier ones the last. */
export function clientFrame(
  doc: Y.Doc,
  earlier: Iterable<number>,
  random: Random,
): Uint8Array<ArrayBuffer> {
  const others = [...earlier].filter((clientId) => clientId !== doc.clientID)
  const last = others.slice(-defaultLimits.earlierClientsMax)
  return new Uint8Array(encodeClient(doc.clientID, last, instanceOf(doc, random)))
}

/** The instance of `doc`, made when it is first asked for. */
function instanceOf(doc: Y.Doc, random: Random): Uint8Array {
  const known = instances.get(doc)
  if (known) return known
  const made = random.bytes(instanceBytes)
  instances.set(doc, made)
  return made
}

/** Gives `doc` a client id that nobody in it has. Not to be called inside of a transaction. */
export function renewClientId(doc: Y.Doc, random: Random): void {
  const before = doc.clientID
  do {
    const bytes = random.bytes(4)
    doc.clientID = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  } while (doc.clientID === before || doc.store.clients.has(doc.clientID))
}
