import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Icon } from "../design/icon.tsx";
import { nothingKnown } from "../format/names.ts";
import { Tabs } from "../design/segmented.tsx";
import { suited, topOf, type Breakdown } from "../questions/breakdown.ts";
import { usePage } from "../state/page.tsx";
import type { Search } from "../state/search.ts";
import { Age } from "./age.tsx";
import type { PanelDefinition } from "./breakdowns.ts";
import { Rows } from "./rows.tsx";
import { Failure, Nothing, SkeletonRows } from "./states.tsx";
import { useEarlier } from "./use-earlier.ts";
import "./panel.css";

/** Rows a panel shows before "All". */
const TOP = 9;

/** A panel with tabs, one breakdown each. */
export function TabbedPanel<P extends "pages" | "sources" | "devices">({
  panel,
}: {
  readonly panel: PanelDefinition<P>;
}) {
  const { search, update } = usePage();
  const chosen = panel.tabs.find((tab) => tab.value === search[panel.param]) ?? panel.tabs[0];
  if (!chosen) return null;
  return (
    <BreakdownPanel title={panel.title} breakdown={chosen.breakdown}>
      <Tabs
        label={panel.title}
        options={panel.tabs}
        value={chosen.value as string}
        onChange={(value) => update({ [panel.param]: value } as Partial<Search>)}
      />
    </BreakdownPanel>
  );
}

interface Props {
  readonly title: string;
  readonly breakdown: Breakdown;
  /** Tabs or other controls in the head. */
  readonly children?: ReactNode;
}

/** One breakdown with its head, its states and its way to the full list. It fails alone. */
export function BreakdownPanel({ title, breakdown: asked, children }: Props) {
  const { ask, search, update } = usePage();
  const breakdown = suited(asked, ask);
  const top = useQuery(topOf(ask, breakdown, TOP + 1));
  const rows = top.data?.slice(0, TOP);
  const earlier = useEarlier(breakdown, rows);
  const more = (top.data?.length ?? 0) > TOP;
  return (
    <section className="panel surface" aria-label={title}>
      <header className="panel-head">
        <h2>{title}</h2>
        {children}
      </header>
      <div className="panel-columns" aria-hidden="true">
        <span>{breakdown.measure}</span>
      </div>
      <div className={`panel-body ${top.isPlaceholderData ? "stale" : ""}`}>
        {top.isError && !top.data ? (
          <Failure error={top.error} onRetry={() => void top.refetch()} />
        ) : rows === undefined ? (
          <SkeletonRows rows={6} />
        ) : rows.length === 0 ? (
          <Nothing>{search.filters.length > 0 ? "Nothing matches these filters." : "Nothing in this range."}</Nothing>
        ) : rows.every((row) => row.value === null) && search.filters.every((f) => f.field !== breakdown.field) ? (
          <Nothing>{nothingKnown(breakdown.field)}</Nothing>
        ) : (
          <Rows breakdown={breakdown} rows={rows} earlier={earlier} />
        )}
      </div>
      <footer className="panel-foot">
        <Age at={top.dataUpdatedAt} failed={top.isError} />
        {more && (
          <button type="button" className="button quiet small" onClick={() => update({ more: breakdown.id })}>
            <Icon name="expand" /> All
            <span className="visually-hidden"> of {title}</span>
          </button>
        )}
      </footer>
    </section>
  );
}
