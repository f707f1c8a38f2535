import { useState } from "react";
import { BreakdownPanel, TabbedPanel } from "../panels/breakdown-panel.tsx";
import { COUNTRIES, DEVICES, PAGES, SOURCES } from "../panels/breakdowns.ts";
import { Cards } from "../panels/cards.tsx";
import { EmptyRange } from "../panels/empty-range.tsx";
import { EventsPanel } from "../panels/events-panel.tsx";
import { Header } from "../panels/header.tsx";
import { Help } from "../panels/help.tsx";
import { LedgerLine } from "../panels/ledger-line.tsx";
import { MoreDialog } from "../panels/more-dialog.tsx";
import { Trend } from "../panels/trend.tsx";
import { useRenewal } from "../panels/use-renewal.ts";
import { usePage } from "../state/page.tsx";
import { usePageKeys } from "../state/page-keys.ts";

/** The page: arrangement only. */
export function Dashboard() {
  const { access } = usePage();
  const [rangeOpen, setRangeOpen] = useState(false);
  const [help, setHelp] = useState(false);
  usePageKeys({ openRange: () => setRangeOpen(true), openHelp: () => setHelp(true) });
  useRenewal();
  return (
    <>
      <Header rangeOpen={rangeOpen} onRangeOpen={setRangeOpen} onHelp={() => setHelp(true)} />
      <main className="dashboard">
        <EmptyRange />
        <div className="surface">
          <Cards />
          <Trend />
        </div>
        <LedgerLine />
        <div className="panels">
          <TabbedPanel panel={PAGES} />
          <TabbedPanel panel={SOURCES} />
          <BreakdownPanel title="Countries" breakdown={COUNTRIES} />
          <TabbedPanel panel={DEVICES} />
          <EventsPanel />
        </div>
        <footer className="page-foot">
          <span>Time zone: {access.timezone.replaceAll("_", " ")}</span>
          <span>Visitors are counted per day. No cookies, nothing stored in the browser.</span>
        </footer>
      </main>
      <MoreDialog />
      {help && <Help onClose={() => setHelp(false)} />}
    </>
  );
}
