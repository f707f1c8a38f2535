import { lazy, Suspense, useState, type ReactNode } from "react";
import { t } from "../language/words.ts";
import { ValueMark } from "../marks/value-mark.tsx";
import type { Breakdown, BreakdownRow } from "../questions/breakdown.ts";
import type { PageFilter } from "../state/filters.ts";
import { changeOf } from "../state/metrics.ts";
import { usePage } from "../state/page.tsx";
import { painted } from "../state/painted.ts";
import { filtersOf, hasFilter, toggleAll } from "./breakdowns.ts";
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
}

/** Rows of a breakdown. A click filters the whole page by the row, a second one undoes it; with a modifier held it excludes. */
export function Rows({ breakdown, rows, earlier }: Props) {
  const { search, update, numbers, names } = usePage();
  // What is unknown comes last, and its bar measures nothing: it would squeeze what is known to slivers.
  const known = rows.filter((row) => row.value !== null);
  const ordered = [...known, ...rows.filter((row) => row.value === null)];
  const largest = Math.max(1, ...known.map((row) => row.count));
  return (
    <ul className="rows">
      {keyed(ordered).map(([key, row]) => {
        const name = names(breakdown.field, row.value);
        const filters = filtersOf(breakdown, row);
        const on = filters.length > 0 && filters.every((filter) => hasFilter(search.filters, filter));
        const before = earlier?.get(row.value);
        return (
          <li key={key}>
            <RowButton
              name={name}
              filters={filters}
              isOn={on}
              onChoose={(chosen) => update({ filters: toggleAll(search.filters, chosen) })}
            >
              {row.value !== null && (
                <span
                  className="row-bar"
                  style={{ inlineSize: `${(row.count / largest) * 100}%` }}
                  aria-hidden="true"
                />
              )}
              <span className={`row-name ${row.value === null ? "none" : ""}`}>
                <ValueMark field={breakdown.of ?? breakdown.field} value={row.value} />
                <bdi>{name}</bdi>
              </span>
              {search.goal !== undefined && (
                <Suspense>
                  <Conversion breakdown={breakdown} rows={rows} row={row} />
                </Suspense>
              )}
              <span className="row-change">
                {earlier &&
                  (before === undefined ? (
                    <span className="change">{t("new")}</span>
                  ) : (
                    <Change
                      change={changeOf(row.count, before)}
                      title={t("{before} before", { before: numbers.count(before) })}
                    />
                  ))}
              </span>
              <span className="row-count">
                {row.isEstimate && "≈ "}
                {numbers.count(row.count)}
              </span>
            </RowButton>
          </li>
        );
      })}
    </ul>
  );
}

interface RowButtonProps {
  readonly name: string;
  readonly filters: readonly PageFilter[];
  readonly isOn: boolean;
  readonly onChoose: (filters: readonly PageFilter[]) => void;
  readonly children: ReactNode;
}

/**
 * The row as a button; where no filter says what it is, it only tells its numbers. It takes its mark before the page follows: all of it is drawn anew
 * under another filter, which a slow machine is seen to take its time for.
 */
function RowButton({ name, filters, isOn, onChoose, children }: RowButtonProps) {
  const [ahead, setAhead] = useState<boolean>();
  const [first, ...more] = filters;
  if (!first) return <div className="row only-read">{children}</div>;
  const leftOut: PageFilter | undefined = more.length === 0 && first.op === "is" ? { ...first, op: "isnt" } : undefined;
  return (
    <button
      type="button"
      className="row"
      aria-pressed={ahead ?? isOn}
      title={
        isOn
          ? t("Remove this filter")
          : leftOut
            ? t("Filter by {name} (with Alt: leave out)", { name })
            : t("Filter by {name}", { name })
      }
      onClick={(event) => {
        // Its filter is on its way: what it would do to the filters is not known before.
        if (ahead !== undefined) return;
        const out = event.altKey || event.metaKey || event.ctrlKey;
        const chosen = out && leftOut ? [leftOut] : filters;
        setAhead(chosen === filters ? !isOn : isOn);
        void painted().then(() => {
          onChoose(chosen);
          setAhead(undefined);
        });
      }}
    >
      {children}
    </button>
  );
}
