import { useQuery } from "@tanstack/react-query";
import { convertedOf, revenueByRow } from "../asking/conversions.ts";
import { definitionsOf } from "../asking/definitions.ts";
import { ANY_EVENT } from "../asking/events.ts";
import { goalOf } from "../asking/goals.ts";
import { moneyText } from "../asking/revenue.ts";
import type { Breakdown, BreakdownRow } from "../questions/breakdown.ts";
import { usePage } from "../state/page.tsx";
import { canConvert } from "./breakdowns.ts";

interface Conversion {
  readonly count: number;
  /** 0 to 1; null of none. */
  readonly rate: number | null;
}

/**
 * Whether a goal is chosen whose conversion rows of this kind have, and that of each; undefined while it is not known. Where the goal names an
 * amount, also what each row brought in.
 */
export function useConversions(breakdown: Breakdown, rows: readonly BreakdownRow[]) {
  const { access, ask, search, locale } = usePage();
  const isOn = search.goal !== undefined && canConvert(breakdown);
  const goals = useQuery({ ...definitionsOf(access, "goals"), enabled: isOn });
  const goal = goals.data?.map(goalOf).find(({ name }) => name === search.goal);
  const values = rows.map(({ value }) => value);
  const { data } = useQuery({
    ...convertedOf(ask, breakdown, goal?.choice ?? ANY_EVENT, values),
    enabled: isOn && goal !== undefined && values.length > 0,
  });
  const earns = isOn && goal !== undefined && goal.amount !== "" && breakdown.counts !== "events";
  const revenue = useQuery({ ...revenueByRow(ask, breakdown, goal, values), enabled: earns && values.length > 0 });
  const conversionOf = ({ value, count: all }: BreakdownRow): Conversion | undefined => {
    const found = data?.get(value);
    // Of what is counted in visits or visitors who is not told did not reach it; of events it was not asked.
    if (!data || (!found && breakdown.counts === "events")) return undefined;
    const { count, of = all } = found ?? { count: 0 };
    return { count, rate: of > 0 ? Math.min(1, count / of) : null };
  };
  /** Null: not known yet. */
  const revenueOf = ({ value }: BreakdownRow): number | null => (revenue.data ? (revenue.data.get(value) ?? 0) : null);
  const money = (amount: number | null): string => (goal ? moneyText(locale, goal, amount) : "");
  return { isOn, conversionOf, ...(earns && { revenueOf, money }) };
}
