import { lazy, type ComponentType } from "react";
import { parse } from "regexparam";

/** What stands around a page: of a project its head and its heartbeat, of the others the navigation alone, or nothing. */
type Around = "project" | "shell" | "nothing";

export interface Route {
  readonly pattern: RegExp;
  /** Names of the parts of the path that differ. */
  readonly names: readonly string[];
  readonly around: Around;
  readonly Page: ComponentType;
}

interface LazyRoute extends Route {
  readonly load: () => Promise<unknown>;
}

export function route(path: string, around: Around, Page: ComponentType): Route {
  const { pattern, keys } = parse(path);
  return { pattern, names: keys, around, Page };
}

function lazyRoute(path: string, around: Around, load: () => Promise<ComponentType>): LazyRoute {
  return {
    ...route(
      path,
      around,
      lazy(async () => ({ default: await load() })),
    ),
    load,
  };
}

/** All pages but the overview: their code comes when they are wanted. */
export const LAZY_PAGES: readonly LazyRoute[] = [
  lazyRoute("/join", "nothing", async () => (await import("./join.tsx")).Join),
  lazyRoute("/settings", "shell", async () => (await import("./settings/settings.tsx")).Settings),
  lazyRoute("/sites", "shell", async () => (await import("./sites/sites.tsx")).Sites),
  lazyRoute("/operations", "shell", async () => (await import("./operations/operations.tsx")).Operations),
  lazyRoute("/operations/executions", "shell", async () => (await import("./operations/executions.tsx")).Executions),
  lazyRoute(
    "/operations/executions/:execution",
    "shell",
    async () => (await import("./operations/execution.tsx")).OneExecution,
  ),
  lazyRoute("/live", "project", async () => (await import("./live/live.tsx")).Live),
  lazyRoute("/visits", "project", async () => (await import("./visits/visits.tsx")).Visits),
  lazyRoute("/visits/:visit", "project", async () => (await import("./visits/visit.tsx")).OneVisit),
  lazyRoute("/widgets", "project", async () => (await import("./widgets/widgets.tsx")).Widgets),
  lazyRoute("/vitals", "project", async () => (await import("./vitals/vitals.tsx")).Vitals),
  lazyRoute("/data", "project", async () => (await import("./data/data.tsx")).Data),
  lazyRoute("/setup", "project", async () => (await import("./setup/setup.tsx")).Setup),
  lazyRoute("/reports", "project", async () => (await import("./reports/reports.tsx")).Reports),
  lazyRoute("/events", "project", async () => (await import("./events/events.tsx")).Events),
  lazyRoute("/events/:event", "project", async () => (await import("./events/event.tsx")).OneEvent),
  lazyRoute("/explore", "project", async () => (await import("./explore/explore.tsx")).Explore),
  lazyRoute("/funnels", "project", async () => (await import("./funnels/funnels.tsx")).Funnels),
  lazyRoute("/retention", "project", async () => (await import("./retention/retention.tsx")).Retention),
  lazyRoute("/paths", "project", async () => (await import("./paths/paths.tsx")).Paths),
  lazyRoute("/boards", "project", async () => (await import("./boards/boards.tsx")).Boards),
  lazyRoute("/goals", "project", async () => (await import("./goals/goals.tsx")).Goals),
];

/** Asks for the code of a path's page. A failure is met, and told, when the page is opened. */
export async function loadPage(path: string): Promise<void> {
  await LAZY_PAGES.find(({ pattern }) => pattern.test(path))
    ?.load()
    .catch(() => undefined);
}
