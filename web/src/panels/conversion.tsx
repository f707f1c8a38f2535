import { useQuery } from "@tanstack/react-query";
import { convertedOf } from "../asking/conversions.ts";
import { definitionsOf } from "../asking/definitions.ts";
import { ANY_EVENT } from "../asking/events.ts";
import { goalOf } from "../asking/goals.ts";
import { t } from "../language/words.ts";
import type { Breakdown, BreakdownRow } from "../questions/breakdown.ts";
import { canConvert } from "./breakdowns.ts";
import { usePage } from "../state/page.tsx";

interface Props {
  readonly breakdown: Breakdown;
  readonly rows: readonly BreakdownRow[];
  readonly row: BreakdownRow;
}

/** The share of a row that reached the chosen goal. All rows of a panel share one question. */
export default function Conversion({ breakdown, rows, row }: Props) {
  const { access, ask, search, numbers } = usePage();
  const goals = useQuery(definitionsOf(access, "goals"));
  const goal = goals.data?.map(goalOf).find(({ name }) => name === search.goal);
  const values = rows.map(({ value }) => value);
  const asked = convertedOf(ask, breakdown, goal?.choice ?? ANY_EVENT, values);
  const can = canConvert(breakdown);
  const { data } = useQuery({ ...asked, enabled: goal !== undefined && can });
  if (!can) return null;
  const count = data?.get(row.value) ?? 0;
  return (
    <span className="row-conversion" title={data && t("{count} reached the goal", { count: numbers.count(count) })}>
      {data && row.count > 0 ? numbers.value(Math.min(1, count / row.count), "percent") : "–"}
    </span>
  );
}
