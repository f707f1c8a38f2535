import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { consoleOf } from "../api/console.ts";
import { Mark } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import { Problem } from "./settings/form.tsx";
import "./pages.css";

/** Where the link of an invitation leads. Its token is in the fragment, which no server and no log sees. */
export function Join() {
  const [token] = useState(() => new URLSearchParams(location.hash.slice(1)).get("token") ?? "");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const invitation = useQuery({
    queryKey: ["invitation", token],
    queryFn: () => consoleOf().send<{ email: string; invitedBy: string }>("POST", "/invitations/show", { token }),
    retry: false,
  });
  const join = useMutation({
    mutationFn: () => consoleOf().send("POST", "/invitations/accept", { token, name, password }),
    onSuccess: () => location.assign("/"),
  });
  return (
    <main className="sign-in">
      <form
        className="surface"
        onSubmit={(event) => {
          event.preventDefault();
          join.mutate();
        }}
      >
        <Mark />
        <h1>{t("Join")}</h1>
        {invitation.data && (
          <p>
            {t("{invitedBy} has invited {email}.", {
              invitedBy: invitation.data.invitedBy,
              email: invitation.data.email,
            })}
          </p>
        )}
        <Problem message={(join.error ?? invitation.error)?.message} />
        {invitation.data && (
          <>
            <label className="field">
              {t("Name")}
              <input value={name} onChange={(e) => setName(e.target.value)} autoComplete="name" />
            </label>
            <label className="field">
              {t("Password, 12 characters or more")}
              <input
                type="password"
                value={password}
                onChange={(e) => setPassword(e.target.value)}
                required
                minLength={12}
                autoComplete="new-password"
              />
            </label>
            <button type="submit" className="button primary" disabled={join.isPending}>
              {t("Join")}
            </button>
          </>
        )}
      </form>
    </main>
  );
}
