import type { Session } from "../../api/session.ts";
import { agentName } from "../../format/agent.ts";
import { Table } from "./table.tsx";
import { Problem } from "./form.tsx";
import { useAsked, useChange } from "./use-console.ts";

interface Told {
  readonly sessions: readonly {
    id: string;
    method: string;
    createdAt: number;
    agent: string | null;
    from: string | null;
    current: boolean;
  }[];
}

/** The browsers that somebody is signed in with. */
export function Sessions({ session }: { readonly session: Session }) {
  const told = useAsked<Told>(session, "/sessions");
  const end = useChange(session);
  const out = useChange(session);
  return (
    <>
      <Problem message={(told.error ?? end.error ?? out.error)?.message} />
      <Table columns={["Browser", "From", "Since"]} actions>
        {told.data?.sessions.map(({ id, method, createdAt, agent, from, current }) => (
          <tr key={id}>
            <td title={agent ?? undefined}>{agent === null ? "unknown" : agentName(agent)}</td>
            <td>{from ?? ""}</td>
            <td>
              {new Date(createdAt).toLocaleString()}, by {method}
            </td>
            <td>
              {current ? (
                "this one"
              ) : (
                <button
                  type="button"
                  className="button small"
                  onClick={() => end.mutate({ method: "DELETE", path: `/sessions/${id}` })}
                >
                  End
                </button>
              )}
            </td>
          </tr>
        ))}
      </Table>
      <div className="settings-actions">
        <button
          type="button"
          className="button"
          onClick={() => out.mutate({ method: "POST", path: "/sign-out" }, { onSuccess: () => location.assign("/") })}
        >
          Sign out
        </button>
      </div>
    </>
  );
}
