import { createContext, useContext } from "react";
import type { Access, OpenProject } from "../api/session.ts";
import type { NumberFormat } from "../format/number.ts";
import type { Ask } from "../questions/ask.ts";
import type { ComparisonPeriods } from "./compare.ts";
import type { IntervalName } from "./interval.ts";
import type { Metric, MetricId } from "./metrics.ts";
import type { Period } from "./ranges.ts";
import type { Search } from "./search.ts";

/** What the parts of the page share: where we are, what is asked, how it is written. */
export interface Page {
  readonly access: OpenProject;
  readonly projects: readonly Access[];
  readonly search: Search;
  /** Changes the address; everything shown follows from it. */
  readonly update: (patch: Partial<Search>) => void;
  readonly collections: readonly string[];
  /** Whether a property may be named: listed, filtered and drilled into. */
  readonly offers: (field: string) => boolean;
  readonly period: Period;
  readonly comparison: ComparisonPeriods | undefined;
  readonly by: IntervalName;
  readonly ask: Ask;
  /** What the chart draws. */
  readonly metric: Metric & { readonly id: MetricId };
  /** Wall-clock time in the project's zone, to the minute. */
  readonly now: string;
  readonly locale: string;
  readonly numbers: NumberFormat;
  readonly names: (field: string, value: string | number | boolean | null) => string;
}

const PageContext = createContext<Page | undefined>(undefined);

export const PageProvider = PageContext.Provider;

/** @throws when used outside the dashboard: a mistake of ours. */
export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error("usePage needs the dashboard around it.");
  return page;
}
