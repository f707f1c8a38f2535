import { t } from "../language/words.ts";
import type { Breakdown, BreakdownRow } from "../questions/breakdown.ts";
import { usePage } from "../state/page.tsx";
import { useConversions } from "./use-conversions.ts";

interface Props {
  readonly breakdown: Breakdown;
  readonly rows: readonly BreakdownRow[];
  readonly row: BreakdownRow;
}

/** The share of a row that reached the chosen goal, and what that brought in. All rows of a panel share their questions. */
export default function Conversion({ breakdown, rows, row }: Props) {
  const { numbers } = usePage();
  const { isOn, conversionOf, revenueOf, money } = useConversions(breakdown, rows);
  if (!isOn) return null;
  const conversion = conversionOf(row);
  return (
    <span
      className="row-conversion"
      title={conversion && t("{count} reached the goal", { count: numbers.count(conversion.count) })}
    >
      {revenueOf && money && <span className="row-revenue">{money(revenueOf(row))} </span>}
      {numbers.value(conversion?.rate ?? null, "percent")}
    </span>
  );
}
