import { createRootRoute, createRoute, createRouter } from "@tanstack/react-router";
import { Failure } from "./panels/states.tsx";
import { Entry } from "./pages/entry.tsx";
import { Join } from "./pages/join.tsx";
import { Settings } from "./pages/settings/settings.tsx";
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

const index = createRoute({ getParentRoute: () => root, path: "/", component: Entry });
const join = createRoute({ getParentRoute: () => root, path: "/join", component: Join });
const settings = createRoute({ getParentRoute: () => root, path: "/settings", component: Settings });

export const router = createRouter({
  routeTree: root.addChildren([index, join, settings]),
  parseSearch: (text) => ({ ...parseSearch(text) }),
  stringifySearch: (search) => stringifySearch(search as Partial<Search>),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
