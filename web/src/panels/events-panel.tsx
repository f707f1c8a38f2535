import { useQuery } from "@tanstack/react-query";
import { rich, t } from "../language/words.ts";
import { schemaOf } from "../questions/project.ts";
import { chosenEvent } from "../state/filters.ts";
import { usePage } from "../state/page.tsx";
import { BreakdownPanel } from "./breakdown-panel.tsx";
import { breakdownNamed, byProperty } from "./breakdowns.ts";

/** Events by name; with one event chosen, also by any of its own properties. */
export function EventsPanel() {
  const { search } = usePage();
  const chosen = chosenEvent(search.filters);
  const breakdown = chosen && search.property ? byProperty(chosen, search.property) : breakdownNamed("event");
  return (
    <BreakdownPanel title={t("Events")} breakdown={breakdown}>
      {chosen && <PropertyPicker collection={chosen} />}
    </BreakdownPanel>
  );
}

function PropertyPicker({ collection }: { readonly collection: string }) {
  const { access, search, update } = usePage();
  const schema = useQuery(schemaOf(access));
  const names = (schema.data?.get(collection) ?? []).map(({ name }) => name);
  if (names.length === 0) return null;
  return (
    <label className="panel-pick">
      <span>{rich("{event} by", { event: <b>{collection}</b> })}</span>
      <select
        className="button small"
        value={search.property && names.includes(search.property) ? search.property : ""}
        onChange={(event) => update({ property: event.target.value || undefined })}
      >
        <option value="">{t("name")}</option>
        {names.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
