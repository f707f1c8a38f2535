import { useQuery } from "@tanstack/react-query";
import { propertiesOf } from "../questions/project.ts";
import { usePage } from "../state/page.tsx";
import { BreakdownPanel } from "./breakdown-panel.tsx";
import { byProperty, EVENTS } from "./breakdowns.ts";

/** Events by name; with one event chosen, also by any of its own properties. */
export function EventsPanel() {
  const { search } = usePage();
  const chosen = search.filters.find((f) => f.field === "$collection" && f.op === "is" && typeof f.value === "string");
  const breakdown = chosen && search.property ? byProperty(String(chosen.value), search.property) : EVENTS;
  return (
    <BreakdownPanel title="Events" breakdown={breakdown}>
      {chosen && <PropertyPicker collection={String(chosen.value)} />}
    </BreakdownPanel>
  );
}

function PropertyPicker({ collection }: { readonly collection: string }) {
  const { access, search, update } = usePage();
  const properties = useQuery(propertiesOf(access, collection));
  const names = properties.data ?? [];
  if (names.length === 0) return null;
  return (
    <label className="panel-pick">
      <span>
        <b>{collection}</b> by
      </span>
      <select
        className="button small"
        value={search.property && names.includes(search.property) ? search.property : ""}
        onChange={(event) => update({ property: event.target.value || undefined })}
      >
        <option value="">name</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
