import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Access } from "../api/session.ts";
import { numberFormat } from "../format/number.ts";
import { valueName } from "../format/names.ts";
import { Failure } from "../panels/states.tsx";
import { boundsOf } from "../questions/bounds.ts";
import { collectionsOf } from "../questions/project.ts";
import { comparisonOf } from "../state/compare.ts";
import { intervalFor } from "../state/interval.ts";
import { PageProvider, type Page } from "../state/page.tsx";
import { resolveRange } from "../state/ranges.ts";
import type { Search } from "../state/search.ts";
import { useNow } from "../state/use-now.ts";
import { dateOf, wallNow } from "../state/wall.ts";
import { Dashboard } from "./dashboard.tsx";
import { Waiting } from "./waiting.tsx";
import "./pages.css";

interface Props {
  readonly projects: readonly Access[];
  readonly search: Search;
  readonly update: (patch: Partial<Search>) => void;
}

/** One project: turns the address into the question the page asks, or waits for the first event. */
export function Project({ projects, search, update }: Props) {
  const access = projects.find((p) => p.id === search.project) ?? projects[0];
  if (!access) return null;
  return <Loaded access={access} projects={projects} search={search} update={update} />;
}

function Loaded({ access, projects, search, update }: Props & { readonly access: Access }) {
  const locale = navigator.language;
  const now = wallNow(access.timezone, useNow(30_000));
  const collections = useQuery(collectionsOf(access));
  const known = collections.data ?? NONE;
  const all = search.range === "all";
  const bounds = useQuery({ ...boundsOf(access, known, dateOf(now)), enabled: all && known.length > 0 });

  const page = useMemo((): Page | undefined => {
    const range = resolveRange(search, now, all ? bounds.data : undefined);
    if (!range) return undefined;
    return {
      access,
      projects,
      search,
      update,
      collections: known,
      bounds: bounds.data,
      period: range,
      comparison: comparisonOf(range, search.compare, search.range, now),
      by: intervalFor(range, search.by),
      ask: { access, collections: known, period: range, filters: search.filters, bots: search.bots },
      now,
      locale,
      numbers: numberFormat(locale),
      names: valueName(locale),
    };
  }, [access, projects, search, update, known, bounds.data, now, locale, all]);

  const failed = collections.error ?? bounds.error;
  if (failed && !page) return <Failed error={failed} onRetry={() => void collections.refetch()} />;
  if (collections.isError && !collections.data) {
    return <Failed error={collections.error} onRetry={() => void collections.refetch()} />;
  }
  if (collections.isPending) return <div className="page-message" role="status" aria-label="Loading" />;
  if (known.length === 0) return <Waiting access={access} />;
  if (!page) return <div className="page-message" role="status" aria-label="Looking for the first event" />;
  return (
    <PageProvider value={page}>
      <Dashboard />
    </PageProvider>
  );
}

const NONE: readonly string[] = [];

function Failed({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  return (
    <main className="page-message">
      <Failure error={error} onRetry={onRetry} />
    </main>
  );
}
