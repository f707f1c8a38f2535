import type { EmbedPanel } from "@millrace/core";
import { useState } from "react";
import { ConfirmButton } from "../../design/confirm.tsx";
import { CopyCode } from "../../design/copy.tsx";
import { LANGUAGES } from "../../language/languages.ts";
import { locale, plural, t } from "../../language/words.ts";
import { Choices } from "../../design/choices.tsx";
import { DEFAULT_PANELS, PANELS } from "./embeds/options.ts";
import { Problem } from "./form.tsx";
import type { PartProps } from "./part.ts";
import { Table } from "./table.tsx";
import { useProjectAsked, useProjectChange } from "./use-project.ts";

interface Link {
  readonly id: string;
  readonly name: string;
  readonly expires_at: string;
  readonly has_password: boolean;
  readonly panels?: readonly EmbedPanel[];
}

const DAYS = [1, 7, 30, 90, 366];
const PATH = "/share-links";
type Right = "notes";
const RIGHTS: readonly { readonly value: Right; readonly label: string }[] = [
  { value: "notes", label: t("see the project's notes on the chart") },
];

/** Links that show a part of a project to whoever has them. */
export function ShareLinks({ project }: PartProps) {
  const links = useProjectAsked<readonly Link[]>(project, PATH);
  const make = useProjectChange<{ path: string }>(project);
  const revoke = useProjectChange(project);
  const [name, setName] = useState("");
  const [days, setDays] = useState(30);
  const [password, setPassword] = useState("");
  const [panels, setPanels] = useState(DEFAULT_PANELS);
  const [may, setMay] = useState<readonly Right[]>([]);
  const [language, setLanguage] = useState("");
  const submit = () =>
    make.mutate(
      {
        method: "POST",
        path: PATH,
        body: {
          name,
          expires_in_days: days,
          panels,
          ...(may.includes("notes") && { annotations: true }),
          ...(password !== "" && { password }),
          ...(language !== "" && { locale: language }),
        },
      },
      {
        onSuccess: () => {
          setName("");
          setPassword("");
        },
      },
    );
  return (
    <>
      <p>
        {t(
          "Whoever has a link sees its panels, of the whole project, until it ends or is revoked. Nobody can change anything by one.",
        )}
      </p>
      <Problem message={(make.error ?? revoke.error ?? links.error)?.message} />
      <form
        className="settings-form"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="settings-row">
          <label className="field">
            {t("Name, for the list")}
            <input
              value={name}
              autoComplete="off"
              onChange={(event) => setName(event.target.value)}
              required
              maxLength={200}
            />
          </label>
          <label className="field">
            {t("Ends after")}
            <select className="button" value={days} onChange={(event) => setDays(Number(event.target.value))}>
              {DAYS.map((each) => (
                <option key={each} value={each}>
                  {plural(each, "{n} day", "{n} days")}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            {t("Password, if it is to ask for one")}
            <input
              type="password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              minLength={12}
              autoComplete="new-password"
            />
          </label>
          <label className="field">
            {t("Language of the link")}
            <select className="button" value={language} onChange={(event) => setLanguage(event.target.value)}>
              <option value="">{t("As the reader's browser")}</option>
              {LANGUAGES.map(({ code, name: own }) => (
                <option key={code} value={code}>
                  {own}
                </option>
              ))}
            </select>
          </label>
        </div>
        <Choices legend={t("Panels")} options={PANELS} chosen={panels} onChange={setPanels} />
        <Choices legend={t("May also")} options={RIGHTS} chosen={may} onChange={setMay} />
        <div className="settings-actions">
          <button type="submit" className="button primary" disabled={make.isPending || panels.length === 0}>
            {t("Make a link")}
          </button>
        </div>
      </form>
      {make.data && (
        <div role="status">
          <p>{t("This link is shown this once:")}</p>
          <CopyCode code={location.origin + make.data.path} label={t("New link")} />
        </div>
      )}
      {links.data?.length === 0 && <p className="settings-none">{t("There is no link now.")}</p>}
      {(links.data?.length ?? 0) > 0 && (
        <Table columns={[t("Name"), t("Shows"), t("Password"), t("Ends")]} actions>
          {links.data?.map((link) => (
            <tr key={link.id}>
              <td>{link.name}</td>
              <td>{labels(link.panels ?? DEFAULT_PANELS)}</td>
              <td>{link.has_password ? t("yes") : t("no")}</td>
              <td>{new Date(link.expires_at).toLocaleDateString(locale)}</td>
              <td>
                <ConfirmButton
                  className="button small"
                  action={t("Revoke")}
                  label={t("Revoke the link {name}", { name: link.name })}
                  title={t("Revoke this link?")}
                  onConfirm={() => revoke.mutate({ method: "DELETE", path: `${PATH}/${link.id}` })}
                >
                  {t("Whoever has “{name}” sees nothing any more within a minute.", { name: link.name })}
                </ConfirmButton>
              </td>
            </tr>
          ))}
        </Table>
      )}
    </>
  );
}

function labels(panels: readonly EmbedPanel[]): string {
  return PANELS.flatMap(({ value, label }) => (panels.includes(value) ? [label] : [])).join(", ");
}
