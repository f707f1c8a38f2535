import { useQuery } from "@tanstack/react-query";
import { bucketFormat } from "../../format/date.ts";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { versionsOf, widgetsBy, type WidgetSteps } from "../../questions/widgets.ts";
import { Section } from "../../shell/section.tsx";
import { usePage } from "../../state/page.tsx";
import { differs } from "../../state/widget-rates.ts";
import { StepTable } from "./step-table.tsx";

/** The versions of the chosen widget in the order they came, each beside the one before. */
export function Versions() {
  const { ask, by, locale, access } = usePage();
  const steps = useQuery(widgetsBy(ask, "$widget_version"));
  const firsts = useQuery(versionsOf(ask, by));
  const format = bucketFormat(locale, access.timezone, by, true);
  const first = (row: WidgetSteps) => firsts.data?.get(row.value);
  return (
    <Section
      title={t("By version")}
      about={t(
        "The newest first, each compared with the one before it. A difference that chance alone makes in one of twenty cases is not called one.",
      )}
    >
      <Asked query={steps} rows={3}>
        {(rows) => {
          const ordered = rows.toSorted((a, b) => (first(b) ?? 0) - (first(a) ?? 0));
          const before = new Map(ordered.map((row, at) => [row, ordered[at + 1]]));
          return (
            <StepTable
              label={t("By version")}
              of={t("Version")}
              field="$widget_version"
              rows={ordered}
              more={[
                {
                  label: t("First shown"),
                  cell: (row) => {
                    const at = first(row);
                    return at === undefined ? "" : format.short(at);
                  },
                },
                { label: t("Against the one before"), cell: (row) => <Against row={row} before={before.get(row)} /> },
              ]}
            />
          );
        }}
      </Asked>
    </Section>
  );
}

interface AgainstProps {
  readonly row: WidgetSteps;
  readonly before: WidgetSteps | undefined;
}

/** How a version converts beside the one before: in points of percent, and whether that is more than chance. */
function Against({ row, before }: AgainstProps) {
  const { locale } = usePage();
  if (!before || before.shown === 0 || row.shown === 0) return "–";
  const points = (row.converted / row.shown - before.converted / before.shown) * 100;
  const real = differs([before.converted, before.shown], [row.converted, row.shown]);
  const signed = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: "exceptZero" });
  const words = real === undefined ? t("too few to tell") : real ? t("a difference") : t("no more than chance");
  const good = real ? (points > 0 ? "good" : "bad") : "";
  return (
    <span className={`change ${good}`}>
      {t("{points} points converted, {words}", { points: signed.format(points), words })}
    </span>
  );
}
