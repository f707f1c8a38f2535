import { useState } from "react";
import { locale, t } from "../../language/words.ts";
import { Table } from "./table.tsx";
import { Problem } from "./form.tsx";
import type { PartProps } from "./part.ts";
import { useAsked } from "./use-console.ts";

interface Told {
  readonly entries: readonly {
    id: string;
    at: number;
    who: { name: string };
    what: string;
    target?: string;
    from?: string;
    before?: object;
    after?: object;
  }[];
  readonly next?: string;
}

/** Who changed what in a project, the newest first. */
export function AuditLog({ session, project }: PartProps) {
  const [who, setWho] = useState("");
  const [what, setWhat] = useState("");
  const [after, setAfter] = useState("");
  const asked = new URLSearchParams({ who, what, after });
  const told = useAsked<Told>(session, `/projects/${project.id}/audit?${asked.toString()}`);
  const search = (set: (text: string) => void) => (event: React.ChangeEvent<HTMLInputElement>) => {
    set(event.target.value);
    setAfter("");
  };
  return (
    <>
      <div className="settings-row">
        <label className="field">
          {t("Who")}
          <input value={who} onChange={search(setWho)} />
        </label>
        <label className="field">
          {t("What, such as key or project.change")}
          <input value={what} onChange={search(setWhat)} />
        </label>
      </div>
      <Problem message={told.error?.message} />
      {told.data?.entries.length === 0 ? (
        <p className="settings-none">
          {who || what ? t("Nothing found.") : t("Nobody has changed anything here yet.")}
        </p>
      ) : (
        <Table columns={[t("When"), t("Who"), t("What"), t("Of #audit")]}>
          {told.data?.entries.map((entry) => (
            <tr key={entry.id}>
              <td>{new Date(entry.at).toLocaleString(locale)}</td>
              <td>{entry.who.name}</td>
              <td>{entry.what}</td>
              <td>
                {entry.target}
                {(entry.before ?? entry.after) && (
                  <details>
                    <summary>{t("Change")}</summary>
                    <pre>{JSON.stringify({ before: entry.before, after: entry.after }, null, 2)}</pre>
                  </details>
                )}
              </td>
            </tr>
          ))}
        </Table>
      )}
      {told.data?.next && (
        <button type="button" className="button" onClick={() => setAfter(told.data.next ?? "")}>
          {t("Older")}
        </button>
      )}
    </>
  );
}
