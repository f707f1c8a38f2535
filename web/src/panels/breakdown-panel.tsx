import { useQuery } from "@tanstack/react-query";
import { Suspense, type ComponentType, type ReactNode } from "react";
import { Icon } from "../design/icon.tsx";
import { nothingKnown } from "../format/names.ts";
import { t } from "../language/words.ts";
import type { Ask } from "../questions/ask.ts";
import { suited, type Breakdown, type BreakdownRow } from "../questions/breakdown.ts";
import { topOf } from "../questions/rows.ts";
import { keepsParts } from "../questions/visits.ts";
import { dimensionsOf, type PanelName } from "../state/dimensions.ts";
import { usePage } from "../state/page.tsx";
import { lazyAfterPaint } from "../state/painted.ts";
import { COUNTRIES, TOP } from "../state/top.ts";
import { Age } from "./age.tsx";
import { breakdownBy, canConvert } from "./breakdowns.ts";
import { Rows } from "./rows.tsx";
import { PanelFailure, Nothing, SkeletonRows } from "./states.tsx";
import { useEarlier } from "./use-earlier.ts";
import { useFailure } from "./use-failure.ts";
import "./panel.css";

/** Its shapes come after the numbers. */
const CountryMap = lazyAfterPaint(() => import("./country-map.tsx"));

/** A panel that lists one of its dimensions; its title chooses which. */
export function DimensionPanel({ panel, title }: { readonly panel: PanelName; readonly title: string }) {
  const { ask, search, update, collections, offers } = usePage();
  const offered = dimensionsOf(panel).filter(
    ({ field, of, kind, collections: only }) =>
      offers(field) &&
      (of === undefined || offers(of)) &&
      (kind === undefined || ask.about === "web") &&
      (!only || only.some((name) => collections.includes(name))),
  );
  // What a server sends has no page, but its visit may have begun on one.
  const wanted = ask.about === "events" && search[panel] === "page" ? "entry" : search[panel];
  const chosen = offered.find(({ short }) => short === wanted) ?? offered[0];
  if (!chosen) return null;
  return (
    <BreakdownPanel
      title={title}
      breakdown={breakdownBy(chosen)}
      listed={chosen.title}
      quiet={ask.about === "events"}
      Picture={chosen.short === "country" ? CountryMap : undefined}
    >
      <select
        className="panel-choose"
        aria-label={t("{title}: what is listed", { title })}
        value={chosen.short}
        onChange={(event) => update({ [panel]: event.target.value })}
      >
        {offered.map((dimension) => (
          <option key={dimension.short} value={dimension.short}>
            {dimension.title}
          </option>
        ))}
      </select>
    </BreakdownPanel>
  );
}

interface PictureProps {
  /** Largest first. */
  readonly rows: readonly BreakdownRow[];
  /** Word for their number. */
  readonly measure: string;
}

interface Props {
  readonly title: string;
  readonly breakdown: Breakdown;
  /** What the rows are, where the panel can list several things. */
  readonly listed?: string;
  /** Left out where no row has a value. */
  readonly quiet?: boolean;
  /** Drawn beside the rows, of all there are. */
  readonly Picture?: ComponentType<PictureProps> | undefined;
  /** Controls in the head. */
  readonly children?: ReactNode;
}

/** One breakdown with its head, its states and its way to the full list. It fails alone. */
export function BreakdownPanel({ title, breakdown: asked, listed, quiet = false, Picture, children }: Props) {
  const { ask, search, update } = usePage();
  const breakdown = suited(asked, ask);
  const top = useQuery(topOf(ask, breakdown, Picture ? COUNTRIES : TOP + 1));
  const failure = useFailure(top);
  const rows = top.data?.slice(0, TOP);
  const earlier = useEarlier(breakdown, rows, top.isPlaceholderData);
  const nothing = rows !== undefined && rows.every((row) => row.value === null);
  if (quiet && nothing && search.filters.every((f) => f.field !== breakdown.field)) return null;
  const more = (top.data?.length ?? 0) > TOP;
  return (
    <section className={`panel surface ${Picture ? "pictured" : ""}`} aria-label={title}>
      <header className="panel-head">
        <h2 className={listed ? "visually-hidden" : undefined}>{title}</h2>
        {children}
      </header>
      <div className="panel-columns" aria-hidden="true">
        {search.goal !== undefined && canConvert(breakdown) && <span>{t("Conversion ·")}</span>}
        <span>{breakdown.measure}</span>
      </div>
      <div className={`panel-body ${top.isPlaceholderData ? "stale" : ""}`}>
        {failure ? (
          <PanelFailure error={failure} onRetry={() => void top.refetch()} />
        ) : rows === undefined ? (
          <SkeletonRows rows={6} />
        ) : rows.length === 0 ? (
          <Nothing>{noRows(breakdown, ask)}</Nothing>
        ) : nothing && search.filters.every((f) => f.field !== breakdown.field) ? (
          <Nothing>{nothingKnown(breakdown.field)}</Nothing>
        ) : (
          <>
            {Picture && (
              <Suspense fallback={<div className="picture-wait" />}>
                <Picture rows={top.data ?? []} measure={breakdown.measure} />
              </Suspense>
            )}
            <Rows breakdown={breakdown} rows={rows} earlier={earlier} />
          </>
        )}
      </div>
      <footer className="panel-foot">
        {top.isError && <Age at={top.dataUpdatedAt} />}
        {more && (
          <button type="button" className="button quiet small" onClick={() => update({ more: breakdown.id })}>
            <Icon name="expand" /> {t("All")}
            <span className="visually-hidden"> {t("of {list}", { list: listed ?? title })}</span>
          </button>
        )}
      </footer>
    </section>
  );
}

/** Why there are no rows. */
function noRows({ kind }: Breakdown, ask: Ask): string {
  if (kind === "exit" && keepsParts(ask))
    return t("Where visits ended is not known while a filter keeps parts of them.");
  return ask.filters.length > 0 ? t("Nothing matches these filters.") : t("Nothing in this range.");
}
