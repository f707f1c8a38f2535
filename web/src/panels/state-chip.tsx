import { useIsFetching, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../design/dialog.tsx";
import { Icon } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import { ledgerOf } from "../questions/ledger.ts";
import { versionOf } from "../questions/version.ts";
import { sumLedger } from "../state/ledger-balance.ts";
import { usePage } from "../state/page.tsx";
import { LedgerSummary } from "./ledger-summary.tsx";
import { clockText } from "../format/date.ts";
import "./state-chip.css";

/**
 * How far the page can be believed, in one place: complete up to when, still on their way, not to be reached, or not adding up. It
 * opens the ledger behind it. A tick beside a server that is gone would be the one lie it must never tell.
 */
export function StateChip() {
  const page = usePage();
  const { access, numbers, locale } = page;
  const beat = useQuery(versionOf(access));
  const ledger = useQuery(ledgerOf(access));
  const renewing = useIsFetching({ predicate: ({ queryKey }) => queryKey[0] !== "version" }) > 0;
  const [open, setOpen] = useState(false);
  const clock = (at: number) => clockText(locale, access.timezone, at);

  if (beat.isError) {
    return (
      <span className="chip-state off">
        <Icon name="warn" />
        <span className="chip-words">
          {beat.dataUpdatedAt > 0
            ? t("Not reachable since {time}", { time: clock(beat.dataUpdatedAt) })
            : t("Not reachable")}
        </span>
      </span>
    );
  }
  if (!ledger.data) {
    return (
      <span className={`chip-state ${ledger.isError ? "off" : ""}`}>
        {ledger.isError ? (
          <>
            <Icon name="warn" />
            <span className="chip-words">{t("The ledger cannot be read")}</span>
          </>
        ) : (
          <span className="dot busy" role="status" aria-label={t("Loading")} />
        )}
      </span>
    );
  }
  const sum = sumLedger(ledger.data.hours, ledger.data.balanced);
  return (
    <>
      <button
        type="button"
        className={`chip-state ${sum.state}`}
        aria-haspopup="dialog"
        title={t("Every event that was accepted is accounted for in the ledger: open it")}
        onClick={() => setOpen(true)}
      >
        {sum.state === "off" ? (
          <Icon name="warn" />
        ) : (
          <span className={renewing ? "dot busy" : "dot"} aria-hidden="true" />
        )}
        <span className="chip-words">
          {sum.state === "off"
            ? t("Two counts do not meet")
            : sum.state === "moving"
              ? t("{inFlight} on their way", { inFlight: numbers.count(sum.inFlight) })
              : t("Complete to {time}", { time: clock(ledger.dataUpdatedAt) })}
        </span>
      </button>
      {open && (
        <Dialog title={t("Ledger")} onClose={() => setOpen(false)}>
          <LedgerSummary ledger={ledger.data} sum={sum} page={page} />
        </Dialog>
      )}
    </>
  );
}
