/**
 * A backup as a file. Under its name there is a whole backup on the disk, or what was there before:
 * half of one never looks like one.
 */
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type BackupOptions, type BackupSource, writeBackup } from './write-backup.ts'

/**
 * Writes a backup into `file`, in place of one that is there, and answers its size in bytes when it is on
 * stable storage. Works in `<file>.part`; one that is there already is another backup under way, or was
 * left by a crash, and is left alone: fails with `EEXIST`. Fails as the disk and `source` fail.
 */
export async function writeBackupFile(
  source: BackupSource,
  file: string,
  options: BackupOptions,
): Promise<number> {
  const part = `${file}.part`
  const target = await open(part, 'wx')
  let byteCount = 0
  try {
    try {
      for await (const piece of writeBackup(source, options)) {
        await target.writeFile(piece)
        byteCount += piece.length
      }
      await target.sync()
    } finally {
      await target.close()
    }
    await rename(part, file)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  await syncFolder(dirname(file))
  return byteCount
}

/** Until then a power cut may take the new name back. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
