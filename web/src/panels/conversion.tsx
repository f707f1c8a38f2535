import { t } from "../language/words.ts";
import type { Breakdown, BreakdownRow } from "../questions/breakdown.ts";
import { usePage } from "../state/page.tsx";
import { useConversions } from "./use-conversions.ts";

interface Props {
  readonly breakdown: Breakdown;
  readonly rows: readonly BreakdownRow[];
  readonly row: BreakdownRow;
}

/** The share of a row that reached the chosen goal. All rows of a panel share one question. */
export default function Conversion({ breakdown, rows, row }: Props) {
  const { numbers } = usePage();
  const { isOn, conversionOf } = useConversions(breakdown, rows);
  if (!isOn) return null;
  const conversion = conversionOf(row);
  return (
    <span
      className="row-conversion"
      title={conversion && t("{count} reached the goal", { count: numbers.count(conversion.count) })}
    >
      {numbers.value(conversion?.rate ?? null, "percent")}
    </span>
  );
}
