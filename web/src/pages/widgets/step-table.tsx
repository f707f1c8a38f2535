import { DataTable, type Column } from "../../design/data-table.tsx";
import { duration } from "../../format/number.ts";
import { t } from "../../language/words.ts";
import type { WidgetSteps } from "../../questions/widgets.ts";
import type { FilterValue } from "../../state/filters.ts";
import { usePage } from "../../state/page.tsx";
import { rateOf, STEPS } from "../../state/widget-rates.ts";

interface Props {
  readonly label: string;
  /** What one row is. */
  readonly of: string;
  readonly field: string;
  readonly rows: readonly WidgetSteps[];
  /** More of each, behind its name. */
  readonly more?: readonly Column<WidgetSteps>[];
  readonly current?: FilterValue | undefined;
  readonly onChoose?: (row: WidgetSteps) => void;
}

/** Rows with the steps of each: how often, which share, and a bar of it. */
export function StepTable({ label, of, field, rows, more = [], current, onChoose }: Props) {
  const { numbers, names } = usePage();
  const columns: Column<WidgetSteps>[] = [
    {
      label: of,
      cell: (row) =>
        onChoose ? (
          <button type="button" className="link" aria-pressed={row.value === current} onClick={() => onChoose(row)}>
            {names(field, row.value)}
          </button>
        ) : (
          names(field, row.value)
        ),
    },
    ...STEPS.map((step) => ({
      label: step.label,
      number: true,
      cell: (row: WidgetSteps) => {
        const rate = rateOf(row, step);
        return (
          <span className="step">
            {numbers.count(row[step.step])}
            {rate !== null && <span className="step-rate"> {numbers.value(rate, "percent")}</span>}
            {rate !== null && (
              <span className="step-bar" aria-hidden="true">
                <span style={{ inlineSize: `${Math.min(1, rate) * 100}%` }} />
              </span>
            )}
          </span>
        );
      },
    })),
    { label: t("Failed"), number: true, cell: ({ failed }) => numbers.count(failed) },
    {
      label: t("Ready within"),
      number: true,
      cell: ({ loadMs }) => (loadMs === null ? "–" : loadMs < 1_000 ? `${numbers.count(loadMs)} ms` : duration(loadMs)),
    },
    ...more,
  ];
  return (
    <DataTable
      label={label}
      columns={columns}
      rows={rows}
      keyOf={keyOf}
      current={current === undefined ? undefined : keyOf({ value: typeof current === "string" ? current : null })}
    />
  );
}

/** A value is told from none. */
function keyOf({ value }: Pick<WidgetSteps, "value">): string {
  return JSON.stringify(value);
}
