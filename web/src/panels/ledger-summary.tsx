import { LEDGER_DAYS, type Ledger } from "../questions/ledger.ts";
import { ENDS, type LedgerSum } from "../state/ledger-balance.ts";
import { LedgerTable, type LedgerProps } from "./ledger-table.tsx";
import "./ledger.css";

const WORDS = {
  balanced: "Every event is accounted for",
  moving: "Events are on their way",
  off: "The two counts do not meet",
} as const;

interface Props extends Pick<LedgerProps, "page" | "link"> {
  readonly ledger: Ledger;
  readonly sum: LedgerSum;
}

/** The promise in one line, what was accepted equals what became of it, and the hours behind it. */
export function LedgerSummary({ ledger, sum, page, link }: Props) {
  const { numbers } = page;
  const ends = ENDS.filter((end) => end === "stored" || sum.ends[end] > 0);
  const parts = [
    ...ends.map((end) => `${numbers.count(sum.ends[end])} ${end}`),
    `${numbers.count(sum.inFlight)} in flight`,
  ];
  return (
    <>
      <p className={`ledger ${sum.state}`}>
        <b>{WORDS[sum.state]}</b> in the last {LEDGER_DAYS} days: {numbers.count(sum.accepted)} accepted ={" "}
        {parts.join(" + ")}
      </p>
      <LedgerTable hours={ledger.hours} sum={sum} turnedAway={ledger.turnedAway} page={page} link={link} />
    </>
  );
}
