import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Failure } from "./panels/states.tsx";
import { Dashboard } from "./pages/dashboard.tsx";
import { Entry } from "./pages/entry.tsx";
import { Project } from "./pages/project.tsx";
import { parseSearch, stringifySearch, type Search } from "./state/search.ts";

const root = createRootRoute({
  // The parser already gives every parameter a valid value; this only tells the types so.
  validateSearch: (search: Record<string, unknown>): Search => search as unknown as Search,
  errorComponent: ({ error }) => (
    <main className="page-message">
      <Failure error={error instanceof Error ? error : new Error(String(error))} onRetry={() => location.reload()} />
    </main>
  ),
  notFoundComponent: () => <p className="page-message">There is nothing here.</p>,
});

const join = createRoute({
  getParentRoute: () => root,
  path: "/join",
  component: lazyRouteComponent(() => import("./pages/join.tsx"), "Join"),
});

/** Who is reading, and the navigation around what they read. */
const reading = createRoute({ getParentRoute: () => root, id: "reading", component: Entry });

const settings = createRoute({
  getParentRoute: () => reading,
  path: "/settings",
  component: lazyRouteComponent(() => import("./pages/settings/settings.tsx"), "Settings"),
});

const sites = createRoute({
  getParentRoute: () => reading,
  path: "/sites",
  component: lazyRouteComponent(() => import("./pages/sites/sites.tsx"), "Sites"),
});

const operations = [
  createRoute({
    getParentRoute: () => reading,
    path: "/operations",
    component: lazyRouteComponent(() => import("./pages/operations/operations.tsx"), "Operations"),
  }),
  createRoute({
    getParentRoute: () => reading,
    path: "/operations/executions",
    component: lazyRouteComponent(() => import("./pages/operations/executions.tsx"), "Executions"),
  }),
  createRoute({
    getParentRoute: () => reading,
    path: "/operations/executions/$execution",
    component: lazyRouteComponent(() => import("./pages/operations/execution.tsx"), "OneExecution"),
  }),
] as const;

/** One project, open: its pages share the head, the question and the heartbeat. */
const project = createRoute({ getParentRoute: () => reading, id: "project", component: Project });

/** What nearly everybody opens first, so that its code is there at once; that of all others comes when it is wanted. */
const overview = createRoute({ getParentRoute: () => project, path: "/", component: Dashboard });

const ofProject = [
  createRoute({
    getParentRoute: () => project,
    path: "/live",
    component: lazyRouteComponent(() => import("./pages/live/live.tsx"), "Live"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/widgets",
    component: lazyRouteComponent(() => import("./pages/widgets/widgets.tsx"), "Widgets"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/data",
    component: lazyRouteComponent(() => import("./pages/data/data.tsx"), "Data"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/events",
    component: lazyRouteComponent(() => import("./pages/events/events.tsx"), "Events"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/events/$event",
    component: lazyRouteComponent(() => import("./pages/events/event.tsx"), "OneEvent"),
  }),
] as const;

/** Questions of one's own. */
const questions = [
  createRoute({
    getParentRoute: () => project,
    path: "/explore",
    component: lazyRouteComponent(() => import("./pages/explore/explore.tsx"), "Explore"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/funnels",
    component: lazyRouteComponent(() => import("./pages/funnels/funnels.tsx"), "Funnels"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/retention",
    component: lazyRouteComponent(() => import("./pages/retention/retention.tsx"), "Retention"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/paths",
    component: lazyRouteComponent(() => import("./pages/paths/paths.tsx"), "Paths"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/boards",
    component: lazyRouteComponent(() => import("./pages/boards/boards.tsx"), "Boards"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/goals",
    component: lazyRouteComponent(() => import("./pages/goals/goals.tsx"), "Goals"),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([
    join,
    reading.addChildren([settings, sites, ...operations, project.addChildren([overview, ...ofProject, ...questions])]),
  ]),
  defaultPreload: "intent",
  parseSearch: (text) => ({ ...parseSearch(text) }),
  stringifySearch: (search) => stringifySearch(search as Partial<Search>),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
