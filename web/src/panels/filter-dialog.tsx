import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Dialog } from "../design/dialog.tsx";
import { t } from "../language/words.ts";
import { suited } from "../questions/breakdown.ts";
import { schemaOf } from "../questions/project.ts";
import { topOf } from "../questions/rows.ts";
import { PROPERTIES } from "../state/dimensions.ts";
import {
  chosenEvent,
  FILTER_OPS,
  isDeedFilter,
  type FilterOp,
  type FilterValue,
  type PageFilter,
} from "../state/filters.ts";
import { usePage } from "../state/page.tsx";
import { useSettled } from "../state/use-settled.ts";
import { breakdownBy, byProperty } from "./breakdowns.ts";
import { keyed } from "./row-keys.ts";
import { PanelFailure, Nothing, SkeletonRows } from "./states.tsx";
import "./filter-dialog.css";

interface Props {
  /** The filter to change; absent or without values: a new one. */
  readonly filter: PageFilter | undefined;
  readonly onApply: (filter: PageFilter) => void;
  /** Goes on to ask who has done something. Absent: that cannot be asked here. */
  readonly onDeed?: () => void;
  readonly onClose: () => void;
}

/** Makes a filter: of any dimension or property, with any operator, of one value or several. */
export function FilterDialog({ filter, onApply, onDeed, onClose }: Props) {
  const { offers } = usePage();
  const [first] = PROPERTIES.filter((dimension) => offers(dimension.field));
  const [field, setField] = useState(filter?.field ?? first?.field ?? "$collection");
  const [op, setOp] = useState<FilterOp>(filter?.op ?? "is");
  const [values, setValues] = useState<readonly FilterValue[]>(filter?.values ?? []);
  const [text, setText] = useState(OF_A_LIST.has(op) ? "" : String(filter?.values[0] ?? ""));
  const written = op === "above" || op === "below" ? Number(text) : text;
  const chosen = OF_A_LIST.has(op) ? values : text.trim() === "" || Number.isNaN(written) ? [] : [written];
  const apply = (event: React.SyntheticEvent) => {
    event.preventDefault();
    if (chosen.length > 0) onApply({ field, op, values: chosen });
  };
  return (
    <Dialog title={filter?.values.length ? t("Change filter") : t("Add filter")} onClose={onClose}>
      <form className="filter-form" onSubmit={apply}>
        <div className="filter-head">
          <FieldSelect
            field={field}
            onChange={(next) => {
              setField(next);
              setValues([]);
            }}
          />
          <label className="field">
            <span className="visually-hidden">{t("Operator")}</span>
            <select className="button" value={op} onChange={(event) => setOp(event.target.value as FilterOp)}>
              {FILTER_OPS.filter((known) => !isDeedFilter(known)).map((known) => (
                <option key={known.op} value={known.op}>
                  {known.words}
                </option>
              ))}
            </select>
          </label>
        </div>
        {OF_A_LIST.has(op) ? (
          <ValueList field={field} values={values} onChange={setValues} />
        ) : (
          <label className="field">
            {op === "above" || op === "below" ? t("Number") : t("Text")}
            <input
              value={text}
              type={op === "above" || op === "below" ? "number" : "text"}
              step="any"
              onChange={(event) => setText(event.target.value)}
            />
          </label>
        )}
        <div className="filter-foot">
          {onDeed && (
            <button type="button" className="button quiet filter-deed" onClick={onDeed}>
              {t("Who has done something")}
            </button>
          )}
          <button type="button" className="button" onClick={onClose}>
            {t("Cancel")}
          </button>
          <button type="submit" className="button primary" disabled={chosen.length === 0}>
            {t("Apply")}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** Operators whose values are chosen from those that there are. */
const OF_A_LIST: ReadonlySet<FilterOp> = new Set(["is", "isnt"]);

/** Every dimension, and every property of the project's own events. */
function FieldSelect({ field, onChange }: { readonly field: string; readonly onChange: (field: string) => void }) {
  const { access, offers } = usePage();
  const schema = useQuery(schemaOf(access));
  const own = [...new Set([...(schema.data?.values() ?? [])].flat().map(({ name }) => name))].sort();
  const known = PROPERTIES.filter(({ field: name }) => offers(name));
  const listed = known.some((dimension) => dimension.field === field) || own.includes(field);
  return (
    <label className="field">
      <span className="visually-hidden">{t("Property")}</span>
      <select className="button" value={field} onChange={(event) => onChange(event.target.value)}>
        <optgroup label={t("Of every event")}>
          {known.map((dimension) => (
            <option key={dimension.field} value={dimension.field}>
              {dimension.label}
            </option>
          ))}
        </optgroup>
        {(own.length > 0 || !listed) && (
          <optgroup label={t("Of your events")}>
            {(listed ? own : [field, ...own]).map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </optgroup>
        )}
      </select>
    </label>
  );
}

/** Values that a list offers at once; the search looks through all of them. */
const OFFERED = 50;

interface ListProps {
  readonly field: string;
  readonly values: readonly FilterValue[];
  readonly onChange: (values: readonly FilterValue[]) => void;
}

/** The values that there are in the range, the most frequent first, to be ticked. */
function ValueList({ field, values, onChange }: ListProps) {
  const { ask: page, names, numbers } = usePage();
  const [text, setText] = useState("");
  const search = useSettled(text.trim());
  const dimension = PROPERTIES.find((known) => known.field === field);
  const event = chosenEvent(page.filters);
  // What else the field may be is only seen without the filters on it.
  const ask = { ...page, filters: page.filters.filter((filter) => filter.field !== field) };
  const everywhere = { id: field, field, measure: t("Events"), counts: "events" } as const;
  const breakdown = dimension
    ? suited(breakdownBy({ ...dimension, of: undefined }), ask)
    : event
      ? byProperty(event, field)
      : everywhere;
  const top = useQuery(topOf(ask, breakdown, OFFERED, search));
  const found = top.data ?? [];
  const chosenElsewhere = search ? [] : values.filter((value) => !found.some((row) => row.value === value));
  const rows = [...chosenElsewhere.map((value) => ({ value, count: 0, views: 0 })), ...found];
  const toggle = (value: FilterValue) =>
    onChange(values.includes(value) ? values.filter((other) => other !== value) : [...values, value]);
  return (
    <fieldset className="filter-values">
      <legend className="visually-hidden">{t("Values")}</legend>
      <label className="field">
        <span className="visually-hidden">{t("Search values")}</span>
        <input type="search" placeholder={t("Search")} value={text} onChange={(event) => setText(event.target.value)} />
      </label>
      <div className={`filter-list ${top.isPlaceholderData ? "stale" : ""}`}>
        {top.isError && !top.data ? (
          <PanelFailure error={top.error} onRetry={() => void top.refetch()} />
        ) : !top.data ? (
          <SkeletonRows rows={6} />
        ) : rows.length === 0 ? (
          <Nothing>{search ? t("No such value in this range.") : t("No values in this range.")}</Nothing>
        ) : (
          keyed(rows).map(([key, row]) => (
            <label key={key} className="filter-value">
              <input type="checkbox" checked={values.includes(row.value)} onChange={() => toggle(row.value)} />
              <span>{names(field, row.value)}</span>
              {row.count > 0 && <small>{numbers.count(row.count)}</small>}
            </label>
          ))
        )}
      </div>
    </fieldset>
  );
}
