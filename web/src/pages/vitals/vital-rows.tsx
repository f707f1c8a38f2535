import { t } from "../../language/words.ts";
import { useQuery } from "@tanstack/react-query";
import { DataTable } from "../../design/data-table.tsx";
import { ValueMark } from "../../marks/value-mark.tsx";
import { Asked } from "../../panels/asked.tsx";
import { Nothing } from "../../panels/states.tsx";
import { vitalBy } from "../../questions/vitals.ts";
import { Section } from "../../shell/section.tsx";
import { isFilter, toggleFilter } from "../../state/filters.ts";
import { usePage } from "../../state/page.tsx";
import { RATINGS, vitalText, type Vital } from "../../state/vitals.ts";
import { Shares } from "./shares.tsx";

interface Props {
  readonly vital: Vital;
  readonly property: string;
  readonly title: string;
  /** What one row is. */
  readonly of: string;
}

/** A vital by one property; a row's name filters the page by it. */
export function VitalRows({ vital, property, title, of }: Props) {
  const { ask, search, update, numbers, names, locale } = usePage();
  const rows = useQuery(vitalBy(ask, vital, property));
  return (
    <Section title={title}>
      <Asked query={rows} rows={4}>
        {(found) =>
          found.length === 0 ? (
            <Nothing>{t("No load told it.")}</Nothing>
          ) : (
            <DataTable
              label={title}
              rows={found}
              keyOf={({ value }) => JSON.stringify(value)}
              columns={[
                {
                  label: of,
                  cell: ({ value }) => (
                    <button
                      type="button"
                      className="link"
                      onClick={() => update({ filters: toggleFilter(search.filters, isFilter(property, value)) })}
                    >
                      <ValueMark field={property} value={value} />
                      {names(property, value)}
                    </button>
                  ),
                },
                { label: t("75th percentile"), number: true, cell: ({ p75 }) => vitalText(vital, p75, locale) },
                { label: t("Shares"), cell: (facts) => <Shares facts={facts} /> },
                ...RATINGS.map(({ rating, label }) => ({
                  label: label.charAt(0).toUpperCase() + label.slice(1),
                  number: true,
                  cell: (facts: (typeof found)[number]) => numbers.count(facts[rating]),
                })),
              ]}
            />
          )
        }
      </Asked>
    </Section>
  );
}
