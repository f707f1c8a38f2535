import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { Access, OpenProject } from "../api/session.ts";
import { numberFormat } from "../format/number.ts";
import { valueName } from "../format/names.ts";
import { boundsOf } from "../questions/bounds.ts";
import { comparisonOf } from "../state/compare.ts";
import { intervalFor } from "../state/interval.ts";
import { metricOf } from "../state/metrics.ts";
import type { Page } from "../state/page.tsx";
import { resolveRange } from "../state/ranges.ts";
import type { Search } from "../state/search.ts";
import { useNow } from "../state/use-now.ts";
import { dateOf, wallNow } from "../state/wall.ts";
import { useSubject } from "./use-subject.ts";

interface Opened {
  readonly access: OpenProject;
  readonly collections: readonly string[];
  readonly projects: readonly Access[];
  readonly search: Search;
  readonly update: (patch: Partial<Search>) => void;
  readonly locale: string;
  /** Whether the page asks about a range at all. Default: it does. */
  readonly about?: "period" | "project" | "none";
  /** The properties that may be named. Absent: all. */
  readonly properties?: ReadonlySet<string>;
}

/** While the bounds of all time are being found out. */
const NO_TIME = { start: "1970-01-01", end: "1970-01-01" };

/**
 * Turns what was chosen into the question that the page asks.
 * @returns `shown`: what the page is about; undefined until the first time that the bounds of all time are known
 */
export function useOpened({
  access,
  collections,
  projects,
  search,
  update,
  locale,
  properties,
  about = "period",
}: Opened) {
  const now = wallNow(access.timezone, useNow(30_000));
  const all = search.range === "all";
  const bounds = useQuery({ ...boundsOf(access, collections, dateOf(now)), enabled: all });

  const period = useMemo(() => resolveRange(search, now, bounds.data), [search, now, bounds.data]);
  const asked = useMemo(
    () => ({ access, collections, period: period ?? NO_TIME, filters: search.filters, bots: search.bots }),
    [access, collections, period, search.filters, search.bots],
  );
  const ask = useSubject(asked, period !== undefined && about === "period", search.number);

  const page = useMemo((): Page | undefined => {
    if (!period) return undefined;
    return {
      access,
      projects,
      search,
      update,
      collections,
      offers: (field) => !properties || properties.has(field),
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
  }, [access, projects, search, update, collections, properties, period, ask, now, locale]);

  // While the bounds of all time are found out the page stays as it is, and its controls work.
  const [last, setLast] = useState(page);
  if (page && page !== last) setLast(page);
  const shown = useMemo(() => page ?? (last && { ...last, search }), [page, last, search]);
  return { shown, bounds };
}
