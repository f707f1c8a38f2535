import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { t } from "../language/words.ts";
import { Boundary } from "../panels/boundary.tsx";
import { DimensionPanel } from "../panels/breakdown-panel.tsx";
import { Cards } from "../panels/cards.tsx";
import { EmptyRange } from "../panels/empty-range.tsx";
import { EventPanels } from "../panels/event-panels.tsx";
import { EventsPanel } from "../panels/events-panel.tsx";
import { Trend } from "../panels/trend.tsx";
import { go } from "../shell/location.ts";
import { totalsOf } from "../questions/totals.ts";
import { usePage } from "../state/page.tsx";
import { lazyAfterPaint, useAfterPaint } from "../state/painted.ts";
import { keptBetweenPages, type Stretch } from "../state/search.ts";

/** What stands below, and what the numbers are related to, comes after them. */
const WeekPanel = lazyAfterPaint(() => import("../panels/week-panel.tsx"));
const MoreDialog = lazy(() => import("../panels/more-dialog.tsx"));
const GoalChoice = lazyAfterPaint(() => import("../panels/goal-choice.tsx"));

/** The overview: arrangement only. */
export function Dashboard() {
  const { ask, search } = usePage();
  // What must be asked for is asked together; what came with the page gives way to the numbers.
  const known = useQueryClient().getQueryData(totalsOf(ask).queryKey) !== undefined;
  const seen = useAfterPaint(known);
  return (
    <>
      <EmptyRange />
      <div className="surface">
        <Boundary>
          <Cards own />
        </Boundary>
        <Boundary>
          <Trend onEvents={toEvents} noted />
        </Boundary>
      </div>
      {seen ? <Below /> : <div className="to-come" />}
      {search.more !== undefined && (
        <Suspense>
          <MoreDialog />
        </Suspense>
      )}
    </>
  );
}

function toEvents(stretch: Stretch): void {
  go({ to: "/events", search: (now) => ({ ...keptBetweenPages(now), ...stretch }), hash: true });
}

/** What stands below the numbers. */
function Below() {
  const { access, ask } = usePage();
  return (
    <>
      <Suspense>
        <GoalChoice />
      </Suspense>
      <div className="panels">
        {ask.about === "events" && <EventPanels />}
        <Boundary>
          <DimensionPanel panel="pages" title={t("Pages")} />
        </Boundary>
        <Boundary>
          <DimensionPanel panel="sources" title={t("Sources")} />
        </Boundary>
        <Boundary>
          <DimensionPanel panel="places" title={t("Countries")} />
        </Boundary>
        <Boundary>
          <DimensionPanel panel="devices" title={t("Devices")} />
        </Boundary>
        {ask.about === "web" && (
          <Boundary>
            <EventsPanel />
          </Boundary>
        )}
      </div>
      <Boundary>
        <Suspense>
          <WeekPanel />
        </Suspense>
      </Boundary>
      <footer className="page-foot">
        <span>{t("Time zone: {timezone}", { timezone: access.timezone.replaceAll("_", " ") })}</span>
        <span>{t("Visitors are counted per day. No cookies, nothing stored in the browser.")}</span>
      </footer>
    </>
  );
}
