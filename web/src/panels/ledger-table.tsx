import type { LedgerHour } from "@millrace/core";
import { dateFormat } from "../format/intl.ts";
import { t } from "../language/words.ts";
import { ENDS, type End, type LedgerSum } from "../state/ledger-balance.ts";
import type { ReactNode } from "react";
import type { Page } from "../state/page.tsx";

/** Hours shown; older ones are in the sums. */
const HOURS = 72;

export interface LedgerProps {
  readonly hours: readonly LedgerHour[];
  readonly sum: LedgerSum;
  /** Requests that never came as far as a project. */
  readonly turnedAway: number;
  /** How it is written. */
  readonly page: Pick<Page, "numbers" | "locale"> & { readonly access: { readonly timezone: string } };
  /** Makes the name of an hour a way to what is behind it. */
  readonly link?: ((hour: number, text: string) => ReactNode) | undefined;
}

const END_HEADS: Readonly<Record<End, string>> = {
  stored: t("Stored"),
  duplicate: t("Duplicate"),
  rejected: t("Rejected"),
  dead: t("Dead"),
  deleted: t("Deleted"),
  expired: t("Expired"),
};

/** The ledger by hour of receipt, and what was refused or lost on the way, which is no part of the balance. */
export function LedgerTable({ hours, sum, turnedAway, page, link }: LedgerProps) {
  const { numbers, locale, access } = page;
  const time = dateFormat(locale, { timeZone: access.timezone, dateStyle: "medium", timeStyle: "short" });
  const ends = ENDS.filter((end) => end === "stored" || end === "duplicate" || sum.ends[end] > 0);
  const refused = refusedByReason(hours);
  const lost = hours.reduce((sum, hour) => sum + hour.lost, 0);
  const withoutVisitor = hours.reduce((sum, hour) => sum + hour.withoutVisitor, 0);
  return (
    <>
      <p className="ledger-words">
        {t(
          "Accepted events are counted where they come in, outcomes where they are stored. The counts come from different places and must meet for every hour that has nothing left in the queue.",
        )}
      </p>
      <div className="ledger-scroll" tabIndex={0} role="region" aria-label={t("Ledger by hour")}>
        <table className="ledger-table">
          <thead>
            <tr>
              <th scope="col">{t("Received")}</th>
              <th scope="col">{t("Accepted")}</th>
              {ends.map((end) => (
                <th scope="col" key={end}>
                  {END_HEADS[end]}
                </th>
              ))}
              <th scope="col">{t("In flight")}</th>
            </tr>
          </thead>
          <tbody>
            {hours.slice(0, HOURS).map((hour) => (
              <tr key={hour.hour}>
                <th scope="row">{link ? link(hour.hour, time.format(hour.hour)) : time.format(hour.hour)}</th>
                <td>{numbers.count(hour.accepted)}</td>
                {ends.map((end) => (
                  <td key={end}>{numbers.count(hour[end])}</td>
                ))}
                <td>{numbers.count(hour.inFlight)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {refused.length > 0 && (
        <p className="ledger-words">
          {t("Refused at once, with an error to the sender: {refused}.", {
            refused: refused.map(([reason, count]) => `${numbers.count(count)} ${reason}`).join(", "),
          })}
        </p>
      )}
      {lost > 0 && (
        <p className="ledger-words">
          {t(
            "Never arrived: {lost}. The pages that sent them could not reach this server for too long, gave them up, and said so later.",
            { lost: numbers.count(lost) },
          )}
        </p>
      )}
      {withoutVisitor > 0 && (
        <p className="ledger-words">
          {t(
            "Without a visitor: {withoutVisitor} of the accepted events came so late that nobody can tell any more whose they were. Unique visitors do not count them.",
            { withoutVisitor: numbers.count(withoutVisitor) },
          )}
        </p>
      )}
      {turnedAway > 0 && (
        <p className="ledger-words">
          {t(
            "Turned away before anybody knew of which project they were: {turnedAway} requests, over all projects of this installation.",
            { turnedAway: numbers.count(turnedAway) },
          )}
        </p>
      )}
    </>
  );
}

/** What was refused at once, by reason, the most frequent first. */
export function refusedByReason(hours: readonly LedgerHour[]): [reason: string, count: number][] {
  const sums = new Map<string, number>();
  for (const hour of hours) {
    for (const [reason, count] of Object.entries(hour.refused)) sums.set(reason, (sums.get(reason) ?? 0) + count);
  }
  return [...sums].sort(([, a], [, b]) => b - a);
}
