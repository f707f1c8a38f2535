import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../design/dialog.tsx";
import { suited, topOf, type Breakdown, type BreakdownRow } from "../questions/breakdown.ts";
import { usePage } from "../state/page.tsx";
import { keyed } from "./row-keys.ts";
import { byProperty, COUNTRIES, DEVICES, EVENTS, PAGES, SOURCES } from "./breakdowns.ts";
import { Failure, Nothing, SkeletonRows } from "./states.tsx";
import "./more.css";

/** Rows of a full list. Beyond it the dialog says that there are more. */
const MOST = 500;

/** The full list of one panel: searchable, sortable. Open while the address says so. */
export function MoreDialog() {
  const { search, update } = usePage();
  const found = titled(search.more, search);
  if (!found) return null;
  return (
    <Dialog title={found.title} onClose={() => update({ more: undefined })}>
      <FullList breakdown={found.breakdown} />
    </Dialog>
  );
}

type Column = "name" | "count" | "views";

function FullList({ breakdown: asked }: { readonly breakdown: Breakdown }) {
  const { ask, numbers, names, update, search } = usePage();
  const breakdown = suited(asked, ask);
  const top = useQuery(topOf(ask, breakdown, MOST));
  const [text, setText] = useState("");
  const [sort, setSort] = useState<Column>("count");
  if (top.isError && !top.data) return <Failure error={top.error} onRetry={() => void top.refetch()} />;
  if (!top.data) return <SkeletonRows rows={8} />;
  const nameOf = (row: BreakdownRow) => names(breakdown.field, row.value);
  const rows = top.data
    .filter((row) => nameOf(row).toLowerCase().includes(text.toLowerCase()))
    .toSorted((a, b) => (sort === "name" ? nameOf(a).localeCompare(nameOf(b)) : b[sort] - a[sort]));
  const views = breakdown.counts === "visitors";
  const heading = (column: Column, label: string) => (
    <th scope="col" aria-sort={sort === column ? (column === "name" ? "ascending" : "descending") : "none"}>
      <button type="button" onClick={() => setSort(column)}>
        {label}
        <span aria-hidden="true">{sort === column ? (column === "name" ? " ↑" : " ↓") : ""}</span>
      </button>
    </th>
  );
  const choose = (row: BreakdownRow) => {
    const kept = search.filters.filter((f) => f.field !== breakdown.field || f.op !== "is");
    update({ more: undefined, filters: [...kept, { field: breakdown.field, op: "is", value: row.value }] });
  };
  return (
    <>
      <label className="field">
        <span className="visually-hidden">Search in this list</span>
        <input type="search" placeholder="Search" value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      {rows.length === 0 ? (
        <Nothing>Nothing found.</Nothing>
      ) : (
        <table className="full-list">
          <thead>
            <tr>
              {heading("name", "Name")}
              {heading("count", breakdown.measure)}
              {views && heading("views", "Page views")}
            </tr>
          </thead>
          <tbody>
            {keyed(rows).map(([key, row]) => (
              <tr key={key}>
                <th scope="row">
                  <button type="button" title={`Filter by ${nameOf(row)}`} onClick={() => choose(row)}>
                    {nameOf(row)}
                  </button>
                </th>
                <td>{numbers.count(row.count)}</td>
                {views && <td>{numbers.count(row.views)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {top.data.length === MOST && <p className="age">The first {numbers.count(MOST)}; there are more.</p>}
    </>
  );
}

function titled(
  id: string | undefined,
  search: { filters: readonly { field: string; value: unknown }[]; property?: string | undefined },
): { title: string; breakdown: Breakdown } | undefined {
  const event = search.filters.find((f) => f.field === "$collection")?.value;
  if (id === "property" && search.property && typeof event === "string") {
    return { title: `${event} by ${search.property}`, breakdown: byProperty(event, search.property) };
  }
  const tabbed = [PAGES, SOURCES, DEVICES].flatMap((panel) =>
    panel.tabs.map((tab) => ({ title: tab.label, breakdown: tab.breakdown })),
  );
  const all = [...tabbed, { title: "Countries", breakdown: COUNTRIES }, { title: "Events", breakdown: EVENTS }];
  return all.find((entry) => entry.breakdown.id === id);
}
