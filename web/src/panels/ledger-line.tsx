import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../design/dialog.tsx";
import { Icon } from "../design/icon.tsx";
import { LEDGER_DAYS, ledgerOf } from "../questions/ledger.ts";
import { ENDS, sumLedger, type LedgerSum } from "../state/ledger-balance.ts";
import { versionOf } from "../questions/version.ts";
import { usePage } from "../state/page.tsx";
import { LedgerTable } from "./ledger-table.tsx";
import "./ledger.css";

const STATES = {
  balanced: { icon: "check", text: "Every event is accounted for" },
  moving: { icon: "moving", text: "Events are on their way" },
  off: { icon: "warn", text: "The two counts do not meet" },
} as const;

/** The promise in one line: what was accepted equals what became of it. Opens the hours behind it. */
export function LedgerLine() {
  const { access } = usePage();
  const ledger = useQuery(ledgerOf(access));
  const [open, setOpen] = useState(false);
  const beat = useQuery(versionOf(access));
  // A tick beside a server that is gone would be the one lie this line must never tell.
  const failure = beat.error ?? (ledger.data ? null : ledger.error);
  if (failure) {
    return (
      <p className="ledger off" role="status">
        <Icon name="warn" /> The ledger cannot be read: {failure.message}
      </p>
    );
  }
  if (!ledger.data) return <p className="ledger" role="status" aria-label="Loading" />;
  const sum = sumLedger(ledger.data.hours, ledger.data.balanced);
  const state = STATES[sum.state];
  return (
    <>
      <button type="button" className={`ledger ${sum.state}`} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name={state.icon} />
        <span className="ledger-state">{state.text}</span>
        <span>in the last {LEDGER_DAYS} days:</span>
        <Equation sum={sum} />
      </button>
      {open && (
        <Dialog title="Ledger" onClose={() => setOpen(false)}>
          <LedgerTable hours={ledger.data.hours} sum={sum} turnedAway={ledger.data.turnedAway} />
        </Dialog>
      )}
    </>
  );
}

function Equation({ sum }: { readonly sum: LedgerSum }) {
  const { numbers } = usePage();
  const ends = ENDS.filter((end) => end === "stored" || sum.ends[end] > 0);
  return (
    <span className="ledger-sum">
      <span>
        <b>{numbers.count(sum.accepted)}</b> accepted
      </span>
      <span>=</span>
      {ends.map((end, at) => (
        <span key={end}>
          {at > 0 && "+ "}
          <b>{numbers.count(sum.ends[end])}</b> {end}
        </span>
      ))}
      <span>
        + <b>{numbers.count(sum.inFlight)}</b> in flight
      </span>
    </span>
  );
}
