/** The events of one project, numbered from 0 in the order they were made. What the sender knows of each. */
export interface Book {
  /** How many were made. */
  made(): number;
  /** Makes the next one: its number. */
  next(): number;
  /** The sender was told yes. Saying it twice changes nothing. */
  acknowledge(number: number): void;
  acknowledged(): number;
  isAcknowledged(number: number): boolean;
}

export function createBook(): Book {
  let flags = new Uint8Array(1_024);
  let made = 0;
  let acknowledged = 0;
  return {
    made: () => made,
    next() {
      if (made === flags.length) {
        const larger = new Uint8Array(flags.length * 2);
        larger.set(flags);
        flags = larger;
      }
      return made++;
    },
    acknowledge(number) {
      if (flags[number] === 1) return;
      flags[number] = 1;
      acknowledged++;
    },
    acknowledged: () => acknowledged,
    isAcknowledged: (number) => flags[number] === 1,
  };
}

export interface Reconciled {
  readonly acknowledged: number;
  /** Numbers that were acknowledged and are not stored. */
  readonly lost: readonly number[];
  /** Numbers that are stored more than once, acknowledged or not. */
  readonly doubled: readonly number[];
  /** What is stored and was never made by this project's senders. */
  readonly foreign: readonly number[];
  /** Stored although the sender was never told yes: allowed, an answer may be lost. */
  readonly unanswered: number;
}

/** Compares what senders were told with what the store has. @param stored the number of every stored event, in any order */
export function reconcile(book: Book, stored: Iterable<number>): Reconciled {
  const made = book.made();
  const seen = new Uint8Array(made);
  const doubled = new Set<number>();
  const foreign: number[] = [];
  let unanswered = 0;
  for (const number of stored) {
    if (!Number.isInteger(number) || number < 0 || number >= made) foreign.push(number);
    else if (seen[number] === 1) doubled.add(number);
    else {
      seen[number] = 1;
      if (!book.isAcknowledged(number)) unanswered++;
    }
  }
  const lost: number[] = [];
  for (let number = 0; number < made; number++) {
    if (book.isAcknowledged(number) && seen[number] === 0) lost.push(number);
  }
  return { acknowledged: book.acknowledged(), lost, doubled: [...doubled], foreign, unanswered };
}

/** One hour of the ledger as the API answers it. Ends that a version does not know are absent. */
export type LedgerRow = Readonly<Record<string, unknown>>;

const ENDS = ["stored", "duplicate", "rejected", "dead", "deleted", "expired"] as const;

export interface Account {
  readonly accepted: number;
  readonly ends: Readonly<Record<(typeof ENDS)[number], number>>;
  /** Accepted less all ends, by hour, where it is not zero. */
  readonly unequal: readonly { readonly hour: string; readonly difference: number }[];
}

/** Adds the hours up anew, from the counts alone: what the API says of its own balance is not believed. */
export function account(rows: readonly LedgerRow[]): Account {
  const count = (row: LedgerRow, name: string) => (typeof row[name] === "number" ? row[name] : 0);
  const sum = (name: string) => rows.reduce((total, row) => total + count(row, name), 0);
  const unequal = rows
    .map((row) => ({
      hour: String(row["hour"]),
      difference: ENDS.reduce((left, end) => left - count(row, end), count(row, "accepted")),
    }))
    .filter(({ difference }) => difference !== 0);
  return {
    accepted: sum("accepted"),
    ends: {
      stored: sum("stored"),
      duplicate: sum("duplicate"),
      rejected: sum("rejected"),
      dead: sum("dead"),
      deleted: sum("deleted"),
      expired: sum("expired"),
    },
    unequal,
  };
}
