import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import type { Access } from "../api/session.ts";
import { numberFormat } from "../format/number.ts";
import { valueName } from "../format/names.ts";
import { Failure } from "../panels/states.tsx";
import { boundsOf } from "../questions/bounds.ts";
import { projectOf, type ProjectInfo } from "../questions/project.ts";
import { comparisonOf } from "../state/compare.ts";
import { intervalFor } from "../state/interval.ts";
import { metricOf } from "../state/metrics.ts";
import { PageProvider, type Page } from "../state/page.tsx";
import { resolveRange } from "../state/ranges.ts";
import type { Search } from "../state/search.ts";
import { useNow } from "../state/use-now.ts";
import { dateOf, wallNow } from "../state/wall.ts";
import { useSubject } from "./use-subject.ts";
import { Dashboard } from "./dashboard.tsx";
import { Waiting } from "./waiting.tsx";
import "./pages.css";

interface Props {
  readonly projects: readonly Access[];
  readonly search: Search;
  readonly update: (patch: Partial<Search>) => void;
  /** Goes back to the sign-in; absent when the server itself said who is reading. */
  readonly onOther?: (() => void) | undefined;
}

/** One project: waits for its first event, then opens the dashboard. */
export function Project({ projects, search, update, onOther }: Props) {
  const access = projects.find((p) => p.id === search.project) ?? projects[0];
  return access ? (
    <Loaded access={access} projects={projects} search={search} update={update} onOther={onOther} />
  ) : null;
}

function Loaded({ access, projects, search, update, onOther }: Props & { readonly access: Access }) {
  const project = useQuery(projectOf(access));
  if (project.isPending) return <Wait words="Opening the project …" />;
  if (!project.data) {
    return (
      <Failed error={project.error} onRetry={() => void project.refetch()}>
        {onOther && (
          <button type="button" className="button quiet" onClick={onOther}>
            Use another key
          </button>
        )}
      </Failed>
    );
  }
  if (project.data.collections.length === 0) return <Waiting access={access} />;
  return <Opened access={access} info={project.data} projects={projects} search={search} update={update} />;
}

interface OpenedProps {
  readonly access: Access;
  readonly info: ProjectInfo;
  readonly projects: readonly Access[];
  readonly search: Search;
  readonly update: (patch: Partial<Search>) => void;
}

/** While the bounds of all time are being found out. */
const NO_TIME = { start: "1970-01-01", end: "1970-01-01" };

/** Turns the address into the question that the page asks. */
function Opened({ access: given, info, projects, search, update }: OpenedProps) {
  const { name, timezone, collections } = info;
  const access = useMemo(() => ({ ...given, name, timezone }), [given, name, timezone]);
  const locale = navigator.language;
  const now = wallNow(timezone, useNow(30_000));
  const all = search.range === "all";
  const bounds = useQuery({ ...boundsOf(access, collections, dateOf(now)), enabled: all });

  const period = useMemo(() => resolveRange(search, now, bounds.data), [search, now, bounds.data]);
  const asked = useMemo(
    () => ({ access, collections, period: period ?? NO_TIME, filters: search.filters, bots: search.bots }),
    [access, collections, period, search.filters, search.bots],
  );
  const ask = useSubject(asked, period !== undefined, search.number);

  const page = useMemo((): Page | undefined => {
    if (!period) return undefined;
    return {
      access,
      projects,
      search,
      update,
      collections,
      period,
      comparison: comparisonOf(period, search.compare, search.range, now),
      by: intervalFor(period, search.by),
      ask,
      metric: metricOf(search.metric ?? (ask.about === "events" ? "events" : "visitors")),
      now,
      locale,
      numbers: numberFormat(locale),
      names: valueName(locale),
    };
  }, [access, projects, search, update, collections, period, ask, now, locale]);

  // While the bounds of all time are found out the page stays as it is, and its controls work.
  const [last, setLast] = useState(page);
  if (page && page !== last) setLast(page);
  const shown = useMemo(() => page ?? (last && { ...last, search }), [page, last, search]);

  if (!page && bounds.isError) return <Failed error={bounds.error} onRetry={() => void bounds.refetch()} />;
  if (!shown) return <Wait words="Looking for the first event …" />;
  return (
    <PageProvider value={shown}>
      <Dashboard />
    </PageProvider>
  );
}

function Wait({ words }: { readonly words: string }) {
  return (
    <p className="page-message" role="status">
      {words}
    </p>
  );
}

interface FailedProps {
  readonly error: Error;
  readonly onRetry: () => void;
  readonly children?: ReactNode;
}

function Failed({ error, onRetry, children }: FailedProps) {
  return (
    <main className="page-message">
      <div>
        <Failure error={error} onRetry={onRetry} />
        {children}
      </div>
    </main>
  );
}
