import { useState } from "react";
import type { Session } from "../../api/session.ts";
import { ConfirmButton } from "../../design/confirm.tsx";
import { CopyCode } from "../../design/copy.tsx";
import { locale, t } from "../../language/words.ts";
import { Table } from "./table.tsx";
import { Problem } from "./form.tsx";
import type { PartProps } from "./part.ts";
import { useAsked, useChange } from "./use-console.ts";

interface Told {
  readonly people: readonly { id: string; email: string; name: string; role: string | null; inherited: boolean }[];
  readonly invitations: readonly { id: string; email: string; role: string | null; expiresAt: number }[];
}

/** Of somebody who has roles in single projects only. */
const NO_ROLE = "";

const ROLES = [
  { value: "viewer", means: t("looks at the dashboard") },
  { value: "analyst", means: t("saves queries and datasets too") },
  { value: "operator", means: t("sees and mends the pipeline too") },
  { value: "owner", means: t("keys, people and settings too") },
];

/** Who may do what in a project. */
export function People({ session, project }: PartProps) {
  return <PeopleIn session={session} path={`/projects/${project.id}`} />;
}

interface Props {
  readonly session: Session;
  /** Of the console: that of a project, or empty for all of them. */
  readonly path: string;
}

/** Who may do what in one project, or in all. */
export function PeopleIn({ session, path }: Props) {
  const everywhere = path === "";
  const told = useAsked<Told>(session, `${path}/people`);
  const change = useChange(session);
  const invite = useChange<{ link: string | null }>(session);
  const [email, setEmail] = useState("");
  const [role, setRole] = useState("viewer");
  return (
    <>
      <Problem message={(invite.error ?? change.error ?? told.error)?.message} />
      <form
        className="settings-row"
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate(
            { method: "POST", path: `${path}/invitations`, body: { email, role } },
            { onSuccess: () => setEmail("") },
          );
        }}
      >
        <label className="field">
          {t("E-mail address")}
          <input
            type="email"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            autoComplete="off"
          />
        </label>
        <label className="field">
          {t("Role")}
          <select className="button" value={role} onChange={(event) => setRole(event.target.value)}>
            {ROLES.map(({ value, means }) => (
              <option key={value} value={value}>
                {value}: {means}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button primary" disabled={invite.isPending}>
          {t("Invite")}
        </button>
      </form>
      {invite.data?.link && (
        <div role="status">
          <p>{t("Give them this link. It is shown this once, works once, and ends in a week:")}</p>
          <CopyCode code={invite.data.link} label={t("Link of the invitation")} />
        </div>
      )}
      <Table columns={[t("Person"), t("Role")]} actions>
        {told.data?.people.map((each) => (
          <tr key={each.id}>
            <td>{each.email}</td>
            <td>
              {each.inherited ? (
                t("{role}, in all projects", { role: each.role ?? NO_ROLE })
              ) : (
                <select
                  className="button small"
                  aria-label={t("Role of {email}", { email: each.email })}
                  value={each.role ?? NO_ROLE}
                  onChange={(event) =>
                    change.mutate({
                      method: "PUT",
                      path: `${path}/people/${each.id}`,
                      body: { role: event.target.value },
                    })
                  }
                >
                  {each.role === null && (
                    <option value={NO_ROLE} disabled>
                      {t("in single projects only")}
                    </option>
                  )}
                  {ROLES.map(({ value }) => (
                    <option key={value}>{value}</option>
                  ))}
                </select>
              )}
            </td>
            <td>
              {!each.inherited && each.role !== null && (
                <button
                  type="button"
                  className="button small"
                  aria-label={t("Take away the role of {email}", { email: each.email })}
                  onClick={() => change.mutate({ method: "DELETE", path: `${path}/people/${each.id}/role` })}
                >
                  {t("Take away")}
                </button>
              )}{" "}
              {everywhere && each.id !== session.person.id && (
                <ConfirmButton
                  className="button small"
                  action={t("Remove")}
                  label={t("Remove {email}", { email: each.email })}
                  title={t("Remove {email}?", { email: each.email })}
                  onConfirm={() => change.mutate({ method: "DELETE", path: `/people/${each.id}` })}
                >
                  {t("They lose all their roles, and every browser that they are signed in with is signed out.")}
                </ConfirmButton>
              )}
            </td>
          </tr>
        ))}
        {told.data?.invitations.map((each) => (
          <tr key={each.id}>
            <td>{each.email}</td>
            <td>
              {t("{role}, invited until {day}", {
                role: each.role ?? NO_ROLE,
                day: new Date(each.expiresAt).toLocaleDateString(locale),
              })}
            </td>
            <td>
              <button
                type="button"
                className="button small"
                aria-label={t("Take back the invitation of {email}", { email: each.email })}
                onClick={() => change.mutate({ method: "DELETE", path: `${path}/invitations/${each.id}` })}
              >
                {t("Take back")}
              </button>
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
}
