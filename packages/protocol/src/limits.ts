/**
 * Every maximum over what a peer can send or make us hold. Each has a unit in its name and the
 * reason for its size. Beyond one of them a peer gets a close code (`close-codes.ts`), never silence.
 */

/**
 * How much may come in the long run, and how much at once: a bucket that holds a burst and refills at
 * the rate. Over it nothing is refused at first: nothing more is read until it has refilled.
 */
export interface Rate {
  readonly framesPerSecond: number
  readonly framesBurst: number
  readonly bytesPerSecond: number
  readonly bytesBurst: number
}

export interface Limits {
  readonly frameBytesMax: number
  readonly updateBytesMax: number
  readonly updatePartsMax: number
  readonly xmlDepthMax: number
  readonly clockAdvanceMax: number
  readonly clockMax: number
  readonly stateVectorClientsMax: number
  readonly presenceEntryBytesMax: number
  readonly presenceEntriesMax: number
  readonly presenceBytesMax: number
  readonly presenceClientsPerSessionMax: number
  readonly presenceClockJumpMax: number
  readonly overlapClocks: number
  readonly earlierClientsMax: number
  readonly conflictLooksMax: number
  readonly conflictBytesMax: number
  readonly authoredClientsMax: number
  readonly heldBytesMax: number
  readonly heldUpdatesMax: number
  readonly heldBytesPerRoomMax: number
  readonly heldUpdatesPerRoomMax: number
  readonly heldLooksMax: number
  readonly waitingBytesMax: number
  readonly waitingFramesMax: number
  readonly outboxBytesSoft: number
  readonly outboxBytesMax: number
  readonly behindMsMax: number
  readonly sessionsPerDocumentMax: number
  readonly sessionsMax: number
  readonly firstFrameMsMax: number
  readonly openingBytesMax: number
  readonly openingFramesMax: number
  readonly authorizeMsMax: number
  readonly tokenBytesMax: number
  readonly firstGrantMsMax: number
  readonly addressBytesMax: number
  readonly documentsPerSocketMax: number
  readonly statelessBytesMax: number
  readonly unreadBytesPerSocketMax: number
  readonly earlyBytesPerSocketMax: number
  readonly earlyFramesPerSocketMax: number
  readonly recheckMsMax: number
  readonly reviewMsMax: number
  readonly rechecksMax: number
  readonly reviewsMax: number
  readonly documentBytesMax: number
  readonly unsavedBytesMax: number
  readonly loadMsMax: number
  readonly compactMsMax: number
  readonly openBytesSoft: number
  readonly openBytesMax: number
  readonly openingBytesPerSocketMax: number
  readonly openingFramesPerSocketMax: number
  readonly openingBytesMaxTogether: number
  readonly openingPerAddressMax: number
  readonly unfinishedBytesMax: number
  readonly connectionsPerAddressMax: number
  readonly sessionsPerUserMax: number
  readonly knockRate: Rate
  readonly socketRate: Rate
  readonly sessionRate: Rate
  readonly userRate: Rate
  readonly documentRate: Rate
  readonly addressRate: Rate
  readonly presenceRate: Rate
  readonly questionRate: Rate
  readonly rateOverMsMax: number
  readonly rateKeysMax: number
}

/** A hash of a schema. Ours has 16 letters; one of a longer digest in base 64 fits. A longer one counts as not said. */
export const schemaHashCharsMax = 64
/** Schemas that are counted in one document. Each that comes or goes costs a look at all who are in it; honest ones are two during a rollout. */
export const schemasCountedMax = 32
/** Other schemas that a client is told of. It says that there are some; nobody reads a longer list. */
export const schemasToldMax = 8

const MB = 1024 * 1024

export const defaultLimits: Limits = {
  /** One WebSocket message. A paste of 10 MB of text fits; ws allocates up to this much per socket. */
  frameBytesMax: 16 * 1024 * 1024,
  /** One update inside a frame; a frame adds a few bytes of its own. */
  updateBytesMax: 16 * 1024 * 1024 - 64,
  /** Structs and deleted ranges in one update. A book of 260,000 edits has about 20,000; twenty thousand paragraphs that come at once have 80,000; a million would hold up everybody for a quarter of a second. */
  updatePartsMax: 150_000,
  /** Nesting of shared types in a document. Our schema needs 6, one with nested lists about 20; readers recurse, so thousands would overflow their stack. */
  xmlDepthMax: 64,
  /**
   * How far one update may move a client's clock, and how much one deletion may cover. What was deleted
   * together with its parent is one struct however long it was, so a book that one person pasted and
   * deleted is ten million in one step; the content of nobody's update is longer than this.
   */
  clockAdvanceMax: 2 ** 26,
  /** The clock that a client may reach: four billion letters under one client id, which lives as long as a page is open. Yjs breaks near 2^53. */
  clockMax: 2 ** 32,
  /**
   * Clients in a Step1 that the document does not know. Each page that ever wrote in it is one, and a live
   * document knows nearly all of its readers'; only a copy that is brought to an empty server names many
   * more: as many as a hundred people make in a year who open three pages a day. They take some 10 ms to read.
   */
  stateVectorClientsMax: 100_000,
  /** One client's presence state as JSON. A cursor and a name need about 300 bytes. */
  presenceEntryBytesMax: 16 * 1024,
  /** States in one message. A stock client repeats everybody's in one when it heard them in one: as many as a document has sessions, and some with two. */
  presenceEntriesMax: 4_096,
  presenceBytesMax: 2 * 1024 * 1024,
  /** Client ids one session may own: its own, and room for a tab that renewed its id. */
  presenceClientsPerSessionMax: 8,
  /** How far the clock that others see of one client may move by one state. A hundred states a second for three hours are a million; without a bound one message could make everybody deaf to that client for ever. */
  presenceClockJumpMax: 2 ** 20,
  /** Clocks that a client is asked to repeat of an id that it claims to know further than we do. Two people who write under one id differ in one of the last 64 letters; more would have honest clients send their last minutes twice. */
  overlapClocks: 64,
  /** Client ids that one session may name as its own beside the present one: of tabs that were closed before they had sent everything. */
  earlierClientsMax: 16,
  /** How often one session may make us compare what it sends with what is stored. Honest ones need one or two in their life. */
  conflictLooksMax: 8,
  /** Stored bytes that one comparison reads at most: 20 ms, about what an answer to a Step1 costs. In a larger document what cannot be looked up counts as known. */
  conflictBytesMax: 4 * 1024 * 1024,
  /** Client ids in one document up to which their first authors are noted. Each session has one; 65,536 rows are some 3 MB. */
  authoredClientsMax: 65_536,
  /** Updates whose predecessors have not arrived, per session: two tabs of one browser race by a few messages, not more. */
  heldBytesMax: 1024 * 1024,
  heldUpdatesMax: 256,
  /** The same for all sessions of a document together. Each edit of a client looks through those that wait for it. */
  heldBytesPerRoomMax: 16 * 1024 * 1024,
  heldUpdatesPerRoomMax: 4_096,
  /** How often one such update is looked at again. It waits once for each client whose part has not come; a handful edit at the same time. */
  heldLooksMax: 64,
  /** What one session may send while its document is still loading. */
  waitingBytesMax: 20 * 1024 * 1024,
  waitingFramesMax: 1024,
  /** Above the soft bound a session gets no more single updates, but one merged catch-up when it drains. */
  outboxBytesSoft: 512 * 1024,
  /** Above the hard bound, or behind for longer than this, a session is closed with `overloaded`. A snapshot being sent is not counted. */
  outboxBytesMax: 16 * 1024 * 1024,
  behindMsMax: 60_000,
  /** People in one document; far above what presence can show usefully. */
  sessionsPerDocumentMax: 2_000,
  sessionsMax: 20_000,
  /** A socket that opened says something within this time. A slow phone needs about 2 s. */
  firstFrameMsMax: 10_000,
  /** What one session may send before it is known who it is: a Step1, its presence, some keystrokes. */
  openingBytesMax: 256 * 1024,
  openingFramesMax: 64,
  /** Whoever decides about access answers within this time, or the session is sent away for now. */
  authorizeMsMax: 10_000,
  /** A token. With a hundred documents and an RSA signature it has about 5 KB; as much as Node reads in one header. */
  tokenBytesMax: 16 * 1024,
  /** A Hocuspocus socket brings one good token within this time, whatever else it says; a document on it that is not granted by then is given up. Fetching a token and deciding about it may each take some seconds. */
  firstGrantMsMax: 20_000,
  /** The address of a Hocuspocus frame. A document name has at most 128 bytes and a session id 11; a name that is too long or no name is told so, up to here. */
  addressBytesMax: 512,
  /** Documents that one Hocuspocus socket may name. A page that lists notes and opens each has some dozens. */
  documentsPerSocketMax: 256,
  /** One stateless message of Hocuspocus, in either direction: a notice to those who have the document open. What is larger is content, or a request of its own. */
  statelessBytesMax: 64 * 1024,
  /** While more than this is unread on a Hocuspocus socket, it may not open another document on it. Answers to joins are as large as documents are. */
  unreadBytesPerSocketMax: 128 * 1024 * 1024,
  /** What one Hocuspocus socket may send before its documents are granted or loaded, all of them together: a Step1 and a presence state for each, and keystrokes. */
  earlyBytesPerSocketMax: 24 * 1024 * 1024,
  earlyFramesPerSocketMax: 2_048,
  /** For how long an answer about access is relied on before it is asked for again. Rights that were taken away without telling us end within this time. */
  recheckMsMax: 60_000,
  /** How long a session whose rights are in doubt is kept while they are decided; then it is closed. Revoking means within a second. */
  reviewMsMax: 1_000,
  /** Questions to the access port at a time, beside those of newcomers: those that are routine, and those that somebody asked for, who waits. */
  rechecksMax: 16,
  reviewsMax: 256,
  /** A document, with its log. A book of 300,000 letters and its whole history is 0.3 MB, one typed by fifty people for a year some 50 MB. Beyond it nothing but deletions is taken. */
  documentBytesMax: 256 * MB,
  /** Edits that wait for a failing disk, all rooms together. Beyond it new edits are refused with `overloaded`: clients keep them. */
  unsavedBytesMax: 256 * 1024 * 1024,
  /** A store that does not answer within this time has refused: whoever waits comes back later. Reading 50 MB from a slow disk takes some seconds. */
  loadMsMax: 30_000,
  /**
   * A compaction that takes longer does not keep its room any more; its late snapshot still counts while
   * the room is there. A job may take 30 s and waits for those before it; nobody waits for it but memory.
   */
  compactMsMax: 120_000,
  /** Open documents, all together. Above it those that nobody is in are closed before their time; a thousand documents of 250 KB are kept. */
  openBytesSoft: 256 * MB,
  /** Above this no further document is opened, with `overloaded`; people who are in one go on. What a room keeps beside its bytes is about as much again. */
  openBytesMax: 768 * MB,
  /** What one socket may send before the first of its sessions is granted access. A Hocuspocus socket brings a token and a Step1 for each of its documents. */
  openingBytesPerSocketMax: MB,
  openingFramesPerSocketMax: 1_024,
  /** All such sockets together. Beyond it those that have sent more than 16 KB are closed; newcomers with a Step1 and a name are not. */
  openingBytesMaxTogether: 64 * MB,
  /** Sockets from one address that nobody has granted anything. Everybody behind one router reconnects at once after a restart, and waits for an answer or two. */
  openingPerAddressMax: 200,
  /** Messages that have begun and not ended, of all sockets: 16 uploads of the largest size at the same time. */
  unfinishedBytesMax: 256 * MB,
  /** Connections from one address. A school behind one router has some hundreds; twenty such addresses fill the server. */
  connectionsPerAddressMax: 1_000,
  /** Sessions of one user: tabs, devices, and programs that open every document of a folder. */
  sessionsPerUserMax: 1_000,
  /** Attempts to connect from one address. 500 stock clients that retry every 2.5 s make 200 a second; one attempt costs about 0.2 ms. */
  knockRate: {
    framesPerSecond: 200,
    framesBurst: 2_000,
    bytesPerSecond: Number.POSITIVE_INFINITY,
    bytesBurst: 0,
  },
  /** Everything that one socket sends, pings included. A pointer that moves makes 60 messages a second, a stock client repeats up to 500 of others; one that is dropped costs about 3 µs. */
  socketRate: {
    framesPerSecond: 2_000,
    framesBurst: 8_000,
    bytesPerSecond: 4 * MB,
    bytesBurst: 64 * MB,
  },
  /** Edits, answers and questions of one session. People type 10 a second; programs that import write thousands and can wait. One costs about 20 µs, so this is 2 % of a core. The burst takes two updates of the largest size. */
  sessionRate: {
    framesPerSecond: 1_000,
    framesBurst: 1_000,
    bytesPerSecond: 2 * MB,
    bytesBurst: 40 * MB,
  },
  /** The same for all sessions of one user. */
  userRate: {
    framesPerSecond: 2_000,
    framesBurst: 8_000,
    bytesPerSecond: 4 * MB,
    bytesBurst: 80 * MB,
  },
  /** The same for all sessions in one document: 200 people who type as fast as they can are 2,000 a second. */
  documentRate: {
    framesPerSecond: 5_000,
    framesBurst: 20_000,
    bytesPerSecond: 8 * MB,
    bytesBurst: 160 * MB,
  },
  /** The same for all sessions from one address. */
  addressRate: {
    framesPerSecond: 5_000,
    framesBurst: 20_000,
    bytesPerSecond: 16 * MB,
    bytesBurst: 320 * MB,
  },
  /** Presence messages that one session is heard with, beside one for each that it was shown. Beyond it only its newest state counts. The burst takes in what is on its way. */
  presenceRate: {
    framesPerSecond: 60,
    framesBurst: 600,
    bytesPerSecond: 256 * 1024,
    bytesBurst: 2 * MB,
  },
  /** Questions of one session, each of which may cost a pass over the document (6 ms for 2 MB). Honest clients ask when they connect, and some every few seconds. Beyond it only the newest is answered. */
  questionRate: {
    framesPerSecond: 2,
    framesBurst: 8,
    bytesPerSecond: Number.POSITIVE_INFINITY,
    bytesBurst: 0,
  },
  /** Who is over the rate of a session or user again and again for this long is closed with `rateLimited`. Uploading an hour of offline work takes seconds. */
  rateOverMsMax: 60_000,
  /** Addresses, users and documents each, that nobody holds and that still owe something. About 100 bytes each; they pay off within seconds. */
  rateKeysMax: 50_000,
}
