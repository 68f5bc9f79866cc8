/**
 * Where a long run of blocks is cut into chunks. Pure; what a block is, and whether a chunk may begin
 * with it, the caller knows.
 *
 * 1. Chunks are the blocks in order, without gaps; none is empty.
 * 2. A cut stays where it was as long as the block it stands before may begin a chunk, so that an
 *    edit changes the chunks beside it and no other.
 * 3. A chunk is longer than `chunkBlocksMax` only where no block in it may begin one.
 */

/** A chunk when it is cut. Smaller ones cost more watching, larger ones more layout for each key. */
const chunkBlocksWanted = 64
/** A chunk that has grown longer is cut again. */
const chunkBlocksMax: number = 2 * chunkBlocksWanted
/** A chunk that has become shorter is joined to the one after it. */
const chunkBlocksMin: number = chunkBlocksWanted / 4

export interface Cuts<Block> {
  /** Whether a chunk may begin at this index. Not asked for 0. */
  readonly mayBegin: (index: number) => boolean
  /** Whether a chunk began with this block so far. */
  readonly didBegin: (block: Block) => boolean
}

/** The chunks of `blocks`. */
export function cut<Block>(blocks: readonly Block[], cuts: Cuts<Block>): Block[][] {
  const chunks: Block[][] = []
  let start = 0
  for (let i = 1; i <= blocks.length; i++) {
    const isEnd = i === blocks.length
    const stays =
      !isEnd && i - start >= chunkBlocksMin && cuts.didBegin(blocks[i] as Block) && cuts.mayBegin(i)
    if (!isEnd && !stays) continue
    if (i - start <= chunkBlocksMax) chunks.push(blocks.slice(start, i))
    else cutLong(blocks, start, i, cuts, chunks)
    start = i
  }
  return chunks
}

/** Cuts `[start, end)` anew; the last piece takes up to `chunkBlocksMin` more. */
function cutLong<Block>(
  blocks: readonly Block[],
  start: number,
  end: number,
  { mayBegin }: Cuts<Block>,
  chunks: Block[][],
): void {
  let from = start
  for (let i = start + chunkBlocksWanted; i <= end - chunkBlocksMin; i++) {
    if (i - from < chunkBlocksWanted || !mayBegin(i)) continue
    chunks.push(blocks.slice(from, i))
    from = i
  }
  chunks.push(blocks.slice(from, end))
}
