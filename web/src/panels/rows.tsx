import { lazy, Suspense } from "react";
import type { Breakdown, BreakdownRow } from "../questions/breakdown.ts";
import { encodeFilter, isFilter, toggleFilter } from "../state/filters.ts";
import { changeOf } from "../state/metrics.ts";
import { usePage } from "../state/page.tsx";
import { Change } from "./change.tsx";
import { keyed } from "./row-keys.ts";
import "./rows.css";

/** Few look at a goal: its code comes when one is chosen. */
const Conversion = lazy(() => import("./conversion.tsx"));

interface Props {
  readonly breakdown: Breakdown;
  readonly rows: readonly BreakdownRow[];
  /** Counts of the comparison period by value; undefined while unknown or not compared. */
  readonly earlier: ReadonlyMap<BreakdownRow["value"], number> | undefined;
  /** Called after a row was chosen. */
  readonly onChoose?: () => void;
}

/** Rows of a breakdown. A click filters the whole page by the row, a second one undoes it; with a modifier held it excludes. */
export function Rows({ breakdown, rows, earlier, onChoose }: Props) {
  const { search, update, numbers, names } = usePage();
  // What is unknown comes last, and its bar measures nothing: it would squeeze what is known to slivers.
  const known = rows.filter((row) => row.value !== null);
  const ordered = [...known, ...rows.filter((row) => row.value === null)];
  const largest = Math.max(1, ...known.map((row) => row.count));
  const active = new Set(search.filters.map(encodeFilter));
  return (
    <ul className="rows">
      {keyed(ordered).map(([key, row]) => {
        const name = names(breakdown.field, row.value);
        const is = isFilter(breakdown.field, row.value);
        const on = active.has(encodeFilter(is));
        const before = earlier?.get(row.value);
        return (
          <li key={key}>
            <button
              type="button"
              className="row"
              aria-pressed={on}
              title={on ? "Remove this filter" : `Filter by ${name} (with Alt: leave out)`}
              onClick={(event) => {
                const out = event.altKey || event.metaKey || event.ctrlKey;
                update({ filters: toggleFilter(search.filters, out ? { ...is, op: "isnt" } : is) });
                onChoose?.();
              }}
            >
              {row.value !== null && (
                <span
                  className="row-bar"
                  style={{ inlineSize: `${(row.count / largest) * 100}%` }}
                  aria-hidden="true"
                />
              )}
              <span className={`row-name ${row.value === null ? "none" : ""}`}>{name}</span>
              {search.goal !== undefined && (
                <Suspense>
                  <Conversion breakdown={breakdown} rows={rows} row={row} />
                </Suspense>
              )}
              <span className="row-change">
                {earlier &&
                  (before === undefined ? (
                    <span className="change">new</span>
                  ) : (
                    <Change change={changeOf(row.count, before)} title={`${numbers.count(before)} before`} />
                  ))}
              </span>
              <span className="row-count">{numbers.count(row.count)}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
