import { useState } from "react";
import { clientOf } from "../api/client.ts";
import { Icon } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import { base, eventCollections } from "../questions/ask.ts";
import { usePage } from "../state/page.tsx";

/** What counts and tells apart, but means nothing in a row. */
const NOT_IN_ROWS = /^(?:keen\.|\$collection$|\$visitor$|\$visit\.(?:id|start)$)/;

/** The events behind the page as a file, under its range and filters. */
export function Export({ properties }: { readonly properties: readonly string[] }) {
  const { ask, access } = usePage();
  const [state, setState] = useState<"idle" | "busy" | Error>("idle");
  const save = async (): Promise<void> => {
    setState("busy");
    try {
      const file = await clientOf(access).download("text/csv", {
        ...base(ask),
        event_collection: eventCollections(ask),
        property_names: ["keen.timestamp", "$collection", ...properties.filter((name) => !NOT_IN_ROWS.test(name))],
      });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = `${t("usage")} ${ask.period.start} ${ask.period.end}.csv`;
      link.click();
      URL.revokeObjectURL(link.href);
      setState("idle");
    } catch (thrown) {
      setState(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  };
  return (
    <>
      {state instanceof Error && (
        <span className="embed-error" role="alert">
          {state.message}
        </span>
      )}
      <button type="button" className="button" disabled={state === "busy"} onClick={() => void save()}>
        <Icon name="download" /> {t("Export CSV")}
      </button>
    </>
  );
}
