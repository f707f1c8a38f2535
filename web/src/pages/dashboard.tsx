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
import { usePage } from "../state/page.tsx";
import { keptBetweenPages, type Search } from "../state/search.ts";

/** What stands below, and what the numbers are related to, comes after them. */
const WeekPanel = lazy(() => import("../panels/week-panel.tsx"));
const MoreDialog = lazy(() => import("../panels/more-dialog.tsx"));
const GoalChoice = lazy(() => import("../panels/goal-choice.tsx"));

/** The overview: arrangement only. */
export function Dashboard() {
  const { access, ask, search } = usePage();
  const toEvents = (stretch: Partial<Search>) =>
    go({ to: "/events", search: (now) => ({ ...keptBetweenPages(now), ...stretch }), hash: true });
  return (
    <>
      <EmptyRange />
      <div className="surface">
        <Boundary>
          <Cards />
        </Boundary>
        <Boundary>
          <Trend onEvents={toEvents} noted />
        </Boundary>
      </div>
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
      {search.more !== undefined && (
        <Suspense>
          <MoreDialog />
        </Suspense>
      )}
    </>
  );
}
