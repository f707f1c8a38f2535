import { useState } from "react";
import { Icon } from "../design/icon.tsx";
import { dimensionLabel } from "../state/dimensions.ts";
import { encodeFilter, opWords, type PageFilter } from "../state/filters.ts";
import { usePage, type Page } from "../state/page.tsx";
import { FilterDialog } from "./filter-dialog.tsx";
import "./filter-chips.css";

/** The filters that are on: each can be changed and taken away, and another one added. */
export function FilterChips() {
  const { search, update, names } = usePage();
  const [edited, setEdited] = useState<PageFilter | "new">();
  const put = (filter: PageFilter) => {
    const old = edited === "new" ? undefined : edited;
    const others = search.filters.filter((f) => f !== old && encodeFilter(f) !== encodeFilter(filter));
    update({ filters: [...others, filter] });
    setEdited(undefined);
  };
  return (
    <div className="chips-line">
      {search.filters.length > 0 && (
        <ul className="chips" aria-label="Filters">
          {search.filters.map((filter) => {
            const words = filterWords(filter, names);
            return (
              <li key={encodeFilter(filter)} className="chip">
                <button
                  type="button"
                  className="chip-text"
                  title={`${words}: change`}
                  aria-haspopup="dialog"
                  onClick={() => setEdited(filter)}
                >
                  <span>
                    {dimensionLabel(filter.field)} {opWords(filter.op)}
                  </span>{" "}
                  <b>{valuesText(filter, names)}</b>
                </button>
                <button
                  type="button"
                  className="chip-remove"
                  aria-label={`Remove filter: ${words}`}
                  onClick={(event) => {
                    // The button goes away with its chip: the focus stays near.
                    event.currentTarget.closest(".chips-line")?.querySelector<HTMLElement>(".chips-add")?.focus();
                    update({ filters: search.filters.filter((f) => f !== filter) });
                  }}
                >
                  <Icon name="close" />
                </button>
              </li>
            );
          })}
        </ul>
      )}
      <button
        type="button"
        className="button quiet small chips-add"
        aria-haspopup="dialog"
        onClick={() => setEdited("new")}
      >
        <Icon name="filter" /> {search.filters.length > 0 ? "Add" : "Filter"}
      </button>
      {search.filters.length > 1 && (
        <button type="button" className="button quiet small" onClick={() => update({ filters: [] })}>
          Clear all
        </button>
      )}
      {edited && (
        <FilterDialog
          filter={edited === "new" ? undefined : edited}
          onApply={put}
          onClose={() => setEdited(undefined)}
        />
      )}
    </div>
  );
}

/** A filter in words: `Country is Germany or France`. */
function filterWords(filter: PageFilter, names: Page["names"]): string {
  return `${dimensionLabel(filter.field)} ${opWords(filter.op)} ${valuesText(filter, names)}`;
}

function valuesText({ field, values }: PageFilter, names: Page["names"]): string {
  return values.map((value) => names(field, value)).join(" or ");
}
