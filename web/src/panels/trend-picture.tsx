import { useQuery } from "@tanstack/react-query";
import { annotationsOf, within } from "../asking/annotations.ts";
import { definitionsOf } from "../asking/definitions.ts";
import type { ChartPoint } from "../charts/points.ts";
import TrendChart from "../charts/trend-chart.tsx";
import { TrendTable } from "../charts/trend-table.tsx";
import { usePage } from "../state/page.tsx";
import { wallNow } from "../state/wall.ts";

interface Props {
  readonly points: readonly ChartPoint[];
  readonly compared: boolean;
  /** Whether the project's notes stand on it. Not in embeds: they were written for those who run the project. */
  readonly noted: boolean;
  /** The chart in one sentence. */
  readonly summary: string;
  readonly onZoom: (first: ChartPoint, last: ChartPoint) => void;
  readonly onEvents?: ((point: ChartPoint) => void) | undefined;
}

/** The line or the table, with what people have noted on its days. */
export default function TrendPicture({ points, compared, noted, summary, onZoom, onEvents }: Props) {
  const { access, metric, numbers, search } = usePage();
  const { data } = useQuery({ ...definitionsOf(access, "annotations"), enabled: noted });
  const all = annotationsOf(data ?? []);
  const wall = (at: number) => wallNow(access.timezone, at);
  const notes = new Map(
    points.flatMap(({ at, start, end }) => {
      const texts = all.length > 0 ? within(all, wall(start), wall(end)).map(({ text }) => text) : [];
      return texts.length > 0 ? [[at, texts] as const] : [];
    }),
  );
  const drawn = { metric, points, numbers, notes, onEvents };
  return search.view === "table" ? (
    <TrendTable {...drawn} compared={compared} />
  ) : (
    <TrendChart {...drawn} summary={summary} onZoom={onZoom} />
  );
}
