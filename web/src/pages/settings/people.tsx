import { useState } from "react";
import { CopyCode } from "../../design/copy.tsx";
import { Table } from "./table.tsx";
import { Problem } from "./form.tsx";
import type { PartProps } from "./part.ts";
import { useAsked, useChange } from "./use-console.ts";

interface Told {
  readonly people: readonly { id: string; email: string; name: string; role: string | null; inherited: boolean }[];
  readonly invitations: readonly { id: string; email: string; role: string | null; expiresAt: number }[];
}

const ROLES = [
  { value: "viewer", means: "looks at the dashboard" },
  { value: "analyst", means: "saves queries and datasets too" },
  { value: "operator", means: "sees and mends the pipeline too" },
  { value: "owner", means: "keys, people and settings too" },
];

/** Who may do what in a project. */
export function People({ session, project }: PartProps) {
  const path = `/projects/${project.id}`;
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
          E-mail address
          <input
            type="email"
            required
            value={email}
            onChange={(event) => setEmail(event.target.value)}
            autoComplete="off"
          />
        </label>
        <label className="field">
          Role
          <select className="button" value={role} onChange={(event) => setRole(event.target.value)}>
            {ROLES.map(({ value, means }) => (
              <option key={value} value={value}>
                {value}: {means}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button primary" disabled={invite.isPending}>
          Invite
        </button>
      </form>
      {invite.data?.link && (
        <div role="status">
          <p>Give them this link. It is shown this once, works once, and ends in a week:</p>
          <CopyCode code={invite.data.link} label="Link of the invitation" />
        </div>
      )}
      <Table columns={["Person", "Role"]} actions>
        {told.data?.people.map((each) => (
          <tr key={each.id}>
            <td>{each.email}</td>
            <td>
              {each.inherited ? (
                `${each.role}, in all projects`
              ) : (
                <select
                  className="button small"
                  aria-label={`Role of ${each.email}`}
                  value={each.role ?? ""}
                  onChange={(event) =>
                    change.mutate({
                      method: "PUT",
                      path: `${path}/people/${each.id}`,
                      body: { role: event.target.value },
                    })
                  }
                >
                  {ROLES.map(({ value }) => (
                    <option key={value}>{value}</option>
                  ))}
                </select>
              )}
            </td>
            <td>
              {!each.inherited && (
                <button
                  type="button"
                  className="button small"
                  aria-label={`Take the role of ${each.email} away`}
                  onClick={() => change.mutate({ method: "DELETE", path: `${path}/people/${each.id}/role` })}
                >
                  Remove
                </button>
              )}
            </td>
          </tr>
        ))}
        {told.data?.invitations.map((each) => (
          <tr key={each.id}>
            <td>{each.email}</td>
            <td>
              {each.role}, invited until {new Date(each.expiresAt).toLocaleDateString()}
            </td>
            <td>
              <button
                type="button"
                className="button small"
                aria-label={`Take the invitation of ${each.email} back`}
                onClick={() => change.mutate({ method: "DELETE", path: `${path}/invitations/${each.id}` })}
              >
                Take back
              </button>
            </td>
          </tr>
        ))}
      </Table>
    </>
  );
}
