import { Icon } from "../design/icon.tsx";
import { dimensionLabel, encodeFilter, toggleFilter } from "../state/filters.ts";
import { usePage } from "../state/page.tsx";
import "./filter-chips.css";

/** The filters that are on, each with its way off. */
export function FilterChips() {
  const { search, update, names } = usePage();
  if (search.filters.length === 0) return null;
  return (
    <ul className="chips" aria-label="Filters">
      {search.filters.map((filter) => {
        const words = `${dimensionLabel(filter.field)} ${filter.op === "is" ? "is" : "is not"} ${names(filter.field, filter.value)}`;
        return (
          <li key={encodeFilter(filter)} className="chip">
            <button
              type="button"
              className="chip-text"
              title="Turn around: is, is not"
              onClick={() =>
                update({
                  filters: search.filters.map((f) => (f === filter ? { ...f, op: f.op === "is" ? "isnt" : "is" } : f)),
                })
              }
            >
              <span>
                {dimensionLabel(filter.field)} {filter.op === "is" ? "is" : "is not"}
              </span>{" "}
              <b>{names(filter.field, filter.value)}</b>
            </button>
            <button
              type="button"
              className="chip-remove"
              aria-label={`Remove filter: ${words}`}
              onClick={() => update({ filters: toggleFilter(search.filters, filter) })}
            >
              <Icon name="close" />
            </button>
          </li>
        );
      })}
      {search.filters.length > 1 && (
        <li>
          <button type="button" className="button quiet small" onClick={() => update({ filters: [] })}>
            Clear all
          </button>
        </li>
      )}
    </ul>
  );
}
