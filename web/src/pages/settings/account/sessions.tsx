import type { Session } from "../../../api/session.ts";
import { agentName } from "../../../format/agent.ts";
import { locale, t } from "../../../language/words.ts";
import { Table } from "../table.tsx";
import { Problem } from "../form.tsx";
import { useAsked, useChange } from "../use-console.ts";

/** The browsers that somebody is signed in with, as the console tells them. */
export interface ToldSessions {
  readonly sessions: readonly {
    id: string;
    method: "link" | "password" | "openid";
    createdAt: number;
    agent: string | null;
    from: string | null;
    current: boolean;
  }[];
}

/** The browsers that somebody is signed in with. */
export function Sessions({ session }: { readonly session: Session }) {
  const told = useAsked<ToldSessions>(session, "/sessions");
  const end = useChange(session);
  const out = useChange(session);
  return (
    <>
      <Problem message={(told.error ?? end.error ?? out.error)?.message} />
      <Table columns={[t("Browser"), t("From #browser"), t("Since")]} actions>
        {told.data?.sessions.map(({ id, method, createdAt, agent, from, current }) => (
          <tr key={id}>
            <td title={agent ?? undefined}>{agent === null ? t("unknown") : agentName(agent)}</td>
            <td>{from ?? ""}</td>
            <td>{t("{time}, by {method}", { time: new Date(createdAt).toLocaleString(locale), method })}</td>
            <td>
              {current ? (
                t("this one")
              ) : (
                <button
                  type="button"
                  className="button small"
                  onClick={() => end.mutate({ method: "DELETE", path: `/sessions/${id}` })}
                >
                  {t("End")}
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
          {t("Sign out")}
        </button>
      </div>
    </>
  );
}
