import { useState } from "react";
import { EventField } from "../asking/event-field.tsx";
import { AddButton, Choice, RemoveButton, useEventNames } from "../asking/fields.tsx";
import { Dialog } from "../design/dialog.tsx";
import { t } from "../language/words.ts";
import { ACTORS, deedOf, deedText, opWords, type Deed, type FilterOp, type PageFilter } from "../state/filters.ts";
import { usePage } from "../state/page.tsx";
import "./filter-dialog.css";

interface Props {
  /** The filter to change; without values: a new one. */
  readonly filter: PageFilter;
  readonly onApply: (filter: PageFilter) => void;
  readonly onClose: () => void;
}

/** Makes a filter of what somebody has done, or has not: one of several kinds of events, each with filters of its own. */
export default function DeedDialog({ filter, onApply, onClose }: Props) {
  const { offers } = usePage();
  const [first = ""] = useEventNames();
  const [field, setField] = useState(filter.field);
  const [op, setOp] = useState<FilterOp>(filter.op);
  const [deeds, setDeeds] = useState<readonly Deed[]>(
    filter.values.length > 0 ? filter.values.map(deedOf) : [{ event: first, filters: [] }],
  );
  const put = (at: number, deed: Deed) => setDeeds(deeds.map((each, i) => (i === at ? deed : each)));
  return (
    <Dialog title={t("Who has done something")} onClose={onClose}>
      <div className="filter-form">
        <div className="filter-head">
          <Choice label={t("Who")} value={field} onChange={setField}>
            {ACTORS.filter((actor) => offers(actor.field)).map((actor) => (
              <option key={actor.field} value={actor.field}>
                {actor.label}
              </option>
            ))}
          </Choice>
          <Choice label={t("Operator")} value={op} onChange={(next) => setOp(next === "didnt" ? "didnt" : "did")}>
            <option value="did">{opWords("did")}</option>
            <option value="didnt">{opWords("didnt")}</option>
          </Choice>
        </div>
        {deeds.map((deed, i) => (
          <div key={i} className="filter-deeds">
            <EventField label={t("Event")} any={false} choice={deed} onChange={(next) => put(i, next)} />
            {deeds.length > 1 && (
              <RemoveButton label={t("Remove")} onClick={() => setDeeds(deeds.filter((_, other) => other !== i))} />
            )}
          </div>
        ))}
        <div>
          <AddButton onClick={() => setDeeds([...deeds, { event: first, filters: [] }])}>{t("or")}</AddButton>
        </div>
        <p className="filter-note">{t("Counted is what happened in the range that is shown.")}</p>
        <div className="filter-foot">
          <button type="button" className="button" onClick={onClose}>
            {t("Cancel")}
          </button>
          <button
            type="button"
            className="button primary"
            disabled={first === ""}
            onClick={() => onApply({ field, op, values: deeds.map(deedText) })}
          >
            {t("Apply")}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
