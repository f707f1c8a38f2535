import { monthName, monthOf, type PartitionTable, type Partitions, type Provenance } from "@millrace/core";
import { createHash } from "node:crypto";
import type { IndexNames } from "../names.ts";
import type { BulkParts } from "../write/bulk.ts";

export interface ExceptionParts extends BulkParts {
  readonly names: IndexNames;
  readonly partitions: Partitions;
}

/**
 * The write alias of an exception, by the month its event was received in: a pure function, since the receipt of an event never
 * changes, so that an exception recorded again replaces itself. Months that are older than this rule have none of their own.
 */
export async function exceptionAliases({ names, partitions }: ExceptionParts): Promise<(receivedAt: number) => string> {
  const table = await partitions.known();
  const own = new Set(monthsWithExceptions(table).map(({ month }) => month));
  return (receivedAt) => {
    const month = monthName(monthOf(receivedAt));
    return own.has(month) ? names.exceptionsOf(month) : names.exceptions;
  };
}

/** The months whose exceptions have an index of their own, which goes with them. */
export function monthsWithExceptions(table: PartitionTable | undefined): PartitionTable["months"] {
  return table?.months.filter(({ exceptions, dropped }) => exceptions === true && !dropped) ?? [];
}

/** Provenance as a document id, whatever the batch's name looks like. */
export function exceptionId({ batch, ordinal }: Provenance): string {
  const id = `${batch}:${ordinal}`;
  return id.length <= 120 ? id : `#${createHash("sha256").update(id).digest("hex")}`;
}
