import { rich, t } from "../language/words.ts";
import { LEDGER_DAYS, type Ledger } from "../questions/ledger.ts";
import { ENDS, type End, type LedgerSum } from "../state/ledger-balance.ts";
import { LedgerTable, type LedgerProps } from "./ledger-table.tsx";
import "./ledger.css";

const WORDS = {
  balanced: t("Every event is accounted for"),
  moving: t("Events are on their way"),
  off: t("The two counts do not meet"),
} as const;

const END_COUNTS: Readonly<Record<End, (count: string) => string>> = {
  stored: (count) => t("{count} stored", { count }),
  duplicate: (count) => t("{count} duplicate", { count }),
  rejected: (count) => t("{count} rejected", { count }),
  dead: (count) => t("{count} dead", { count }),
  deleted: (count) => t("{count} deleted", { count }),
  expired: (count) => t("{count} expired", { count }),
};

interface Props extends Pick<LedgerProps, "page" | "link"> {
  readonly ledger: Ledger;
  readonly sum: LedgerSum;
}

/** The promise in one line, what was accepted equals what became of it, and the hours behind it. */
export function LedgerSummary({ ledger, sum, page, link }: Props) {
  const { numbers } = page;
  const ends = ENDS.filter((end) => end === "stored" || sum.ends[end] > 0);
  const parts = [
    ...ends.map((end) => END_COUNTS[end](numbers.count(sum.ends[end]))),
    t("{count} in flight", { count: numbers.count(sum.inFlight) }),
  ];
  return (
    <>
      <p className={`ledger ${sum.state}`}>
        {rich("{state} in the last {days} days: {accepted} accepted = {parts}", {
          state: <b>{WORDS[sum.state]}</b>,
          days: LEDGER_DAYS,
          accepted: numbers.count(sum.accepted),
          parts: parts.join(" + "),
        })}
      </p>
      <LedgerTable hours={ledger.hours} sum={sum} turnedAway={ledger.turnedAway} page={page} link={link} />
    </>
  );
}
