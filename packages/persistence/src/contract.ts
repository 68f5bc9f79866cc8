/**
 * The acceptance suite of `DocumentStore` and `Store`: what every adapter must pass, run by vitest. An adapter's
 * own faults (crashes, damaged files, full disks) are its own tests.
 *
 * The numbers in the titles are the rules of this package's SPEC.md.
 */
import { describeAuthors } from './contract/authors.contract.ts'
import type { StoreContract } from './contract/harness.ts'
import { describeList } from './contract/list.contract.ts'
import { describeLog } from './contract/log.contract.ts'
import { describeSearch } from './contract/search.contract.ts'
import { describeTrash } from './contract/trash.contract.ts'
import { describeVersions } from './contract/versions.contract.ts'
import type { Store } from './version-store.ts'

export type { StoreContract, StoreUnderTest } from './contract/harness.ts'

/** Describes the contract of `DocumentStore` for one adapter. Call it at the top of a test file. */
export function describeStoreContract(contract: StoreContract): void {
  describeLog(contract)
  describeAuthors(contract)
  describeList(contract)
}

/** The same for a store that keeps more than the logs of documents: its versions, its search and what was deleted. */
export function describeFullStoreContract(contract: StoreContract<Store>): void {
  describeStoreContract(contract)
  describeVersions(contract)
  describeSearch(contract)
  describeTrash(contract)
}
