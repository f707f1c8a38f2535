import type { Filter } from "@millrace/client";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { clientOf, ownersClientOf } from "../../api/client.ts";
import { t } from "../../language/words.ts";
import { Section } from "../../shell/section.tsx";
import { usePage } from "../../state/page.tsx";
import { Problem } from "../settings/form.tsx";

const KINDS = [
  { field: "$user", label: t("User, as given with identify()") },
  { field: "$visitor", label: t("Visitor id") },
] as const;

/** Deletes all events of somebody, after saying how many they are. What is deleted stays counted in the ledger. */
export function Erase() {
  const { access, collections, numbers } = usePage();
  const [field, setField] = useState<string>(KINDS[0].field);
  const [value, setValue] = useState("");
  const filters = (): Filter[] => [{ property_name: field, operator: "eq", property_value: value.trim() }];
  const count = useMutation({
    // Asked by itself: the page's own questions take answers that are some seconds old, and this one is asked again after the deletion.
    mutationFn: async () => {
      const asked = { event_collection: collections, filters: filters() };
      return (await clientOf(access).query("count", asked)).result;
    },
  });
  const erase = useMutation({
    mutationFn: async () => {
      const { deletions } = ownersClientOf(access);
      // One after the other: each is a sweep of its own over the store.
      for (const collection of collections) await deletions.events(collection, { filters: filters() });
    },
    onSuccess: () => count.reset(),
  });
  const change = (set: (text: string) => void) => (event: { target: { value: string } }) => {
    set(event.target.value);
    count.reset();
    erase.reset();
  };
  return (
    <Section
      title={t("Erase somebody")}
      about={t(
        "Deletes every event of a person, for good. They do not come back from a replay or a late message either.",
      )}
    >
      <form
        className="erase"
        onSubmit={(event) => {
          event.preventDefault();
          count.mutate();
        }}
      >
        <label className="field">
          {t("Known as")}
          <select className="button" value={field} onChange={change(setField)}>
            {KINDS.map((kind) => (
              <option key={kind.field} value={kind.field}>
                {kind.label}
              </option>
            ))}
          </select>
        </label>
        <label className="field">
          {t("Id")}
          <input value={value} onChange={change(setValue)} required autoComplete="off" spellCheck={false} />
        </label>
        <button type="submit" className="button" disabled={count.isPending}>
          {t("Count the events")}
        </button>
        {count.data !== undefined && count.data > 0 && (
          <button type="button" className="button danger" disabled={erase.isPending} onClick={() => erase.mutate()}>
            {t("Erase {count} events", { count: numbers.count(count.data) })}
          </button>
        )}
      </form>
      <Problem message={(count.error ?? erase.error)?.message} />
      <p className="section-note" role="status">
        {count.data === 0 ? t("There is no event of theirs.") : erase.isSuccess ? t("Erased.") : ""}
      </p>
    </Section>
  );
}
