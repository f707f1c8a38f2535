import type { IconName } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import type { Reader } from "./reader.tsx";

/** Whom a page is for. `everybody`: whoever may see the numbers; `members`: who signed in; `operators`: who runs the installation. */
type Audience = "everybody" | "members" | "operators";

interface PageEntry {
  readonly path: `/${string}`;
  readonly title: string;
  readonly icon: IconName;
  /** Its part of the navigation: what is looked at, what is asked, what is managed. */
  readonly group: "look" | "ask" | "manage";
  readonly for: Audience;
  /** `period`: the page is about a range and filters, and its head lets choose them; `project`: about a project; `none`: about none. */
  readonly about: "period" | "project" | "none";
}

const OVERVIEW = {
  path: "/",
  title: t("Overview"),
  icon: "overview",
  group: "look",
  for: "everybody",
  about: "period",
} as const satisfies PageEntry;

/**
 * The pages: the one list that the navigation, the head and the titles are made of; router.tsx says what each shows. A page is in it
 * when it exists.
 */
export const PAGES = [
  { path: "/sites", title: t("Sites"), icon: "sites", group: "look", for: "members", about: "none" },
  OVERVIEW,
  { path: "/live", title: t("Live"), icon: "live", group: "look", for: "everybody", about: "project" },
  { path: "/events", title: t("Events"), icon: "events", group: "look", for: "everybody", about: "period" },
  { path: "/visits", title: t("Visits"), icon: "moving", group: "look", for: "everybody", about: "period" },
  { path: "/widgets", title: t("Widgets"), icon: "widgets", group: "look", for: "everybody", about: "period" },
  { path: "/vitals", title: t("Vitals"), icon: "vitals", group: "look", for: "everybody", about: "period" },
  { path: "/boards", title: t("Boards"), icon: "board", group: "look", for: "everybody", about: "period" },
  { path: "/explore", title: t("Explore"), icon: "explore", group: "ask", for: "everybody", about: "period" },
  { path: "/funnels", title: t("Funnels"), icon: "funnel", group: "ask", for: "everybody", about: "period" },
  { path: "/retention", title: t("Retention"), icon: "retention", group: "ask", for: "everybody", about: "period" },
  { path: "/paths", title: t("Paths"), icon: "paths", group: "ask", for: "everybody", about: "period" },
  { path: "/goals", title: t("Goals"), icon: "goal", group: "ask", for: "everybody", about: "period" },
  { path: "/data", title: t("Data"), icon: "data", group: "manage", for: "everybody", about: "project" },
  { path: "/setup", title: t("Setup"), icon: "flag", group: "manage", for: "everybody", about: "project" },
  { path: "/reports", title: t("Reports"), icon: "mail", group: "manage", for: "members", about: "project" },
  {
    path: "/operations",
    title: t("Operations"),
    icon: "operations",
    group: "manage",
    for: "operators",
    about: "none",
  },
  { path: "/settings", title: t("Settings"), icon: "settings", group: "manage", for: "members", about: "none" },
] as const satisfies readonly PageEntry[];

/** The page of an address: the one with the longest path that it begins with. */
export function pageAt(pathname: string): PageEntry {
  const found = PAGES.filter(({ path }) => pathname === path || pathname.startsWith(`${path}/`));
  return found.reduce<PageEntry>((best, page) => (page.path.length > best.path.length ? page : best), OVERVIEW);
}

/** True for the pages that somebody is shown; what a page may ask is for the server to say. */
export function isFor(page: PageEntry, { session }: Reader): boolean {
  if (page.for === "operators") return session?.person.operates === true;
  return page.for === "everybody" || session !== undefined;
}
