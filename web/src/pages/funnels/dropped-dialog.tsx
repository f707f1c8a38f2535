import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answerOf } from "../../asking/answer.ts";
import { Dialog } from "../../design/dialog.tsx";
import { t } from "../../language/words.ts";
import { Asked } from "../../panels/asked.tsx";
import { Nothing } from "../../panels/states.tsx";
import { dimensionLabel, isOfTheVisit, PROPERTIES } from "../../state/dimensions.ts";
import { isFilter, toggleFilter } from "../../state/filters.ts";
import { usePage } from "../../state/page.tsx";
import { droppedBy, funnelOf } from "./funnel.ts";
import { toQuestion, type FunnelSpec } from "./spec.ts";

interface Props {
  readonly spec: FunnelSpec;
  /** The step that was not taken, from 1. */
  readonly at: number;
  readonly onClose: () => void;
}

/** What those had in common who did the step before and not this one: how many of each group, and what part of it. Nobody is named. */
export default function DroppedDialog({ spec, at, onClose }: Props) {
  const { ask, search, update, numbers, names } = usePage();
  const [field, setField] = useState("$visit.channel");
  const { placeholderData: _, ...asked } = answerOf(ask, toQuestion({ ...spec, breakdown: field }, ask, search.range));
  // The answer about another property says nothing about this one.
  const query = useQuery(asked);
  const choose = (value: string | number | boolean | null) => {
    onClose();
    update({ filters: toggleFilter(search.filters, isFilter(field, value)) });
  };
  return (
    <Dialog title={t("Who dropped out before step {step}", { step: at + 1 })} onClose={onClose}>
      <label className="field dropped-by">
        {t("By")}
        <select className="button" value={field} onChange={(event) => setField(event.target.value)}>
          {PROPERTIES.filter((property) => isOfTheVisit(property.field)).map((property) => (
            <option key={property.field} value={property.field}>
              {property.label}
            </option>
          ))}
        </select>
      </label>
      <Asked query={query} rows={4}>
        {(answer) => {
          const rows = droppedBy(funnelOf(answer, field), at);
          return rows.length === 0 ? (
            <Nothing>{t("Nobody dropped out here.")}</Nothing>
          ) : (
            <div
              className="ask-table"
              tabIndex={0}
              role="region"
              aria-label={t("Dropped out, by {property}", { property: dimensionLabel(field) })}
            >
              <table>
                <thead>
                  <tr>
                    <th scope="col">{dimensionLabel(field)}</th>
                    <th scope="col" className="number">
                      {t("Got so far")}
                    </th>
                    <th scope="col" className="number">
                      {t("Dropped out")}
                    </th>
                    <th scope="col" className="number">
                      {t("Share")}
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {rows.map(({ value, before, dropped }) => (
                    <tr key={JSON.stringify(value)}>
                      <th scope="row">
                        <button
                          type="button"
                          className="link"
                          title={t("Filter by {name}", { name: names(field, value) })}
                          onClick={() => choose(value)}
                        >
                          {names(field, value)}
                        </button>
                      </th>
                      <td className="number">{numbers.count(before)}</td>
                      <td className="number">{numbers.count(dropped)}</td>
                      <td className="number">{numbers.value(dropped / before, "percent")}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Asked>
    </Dialog>
  );
}
