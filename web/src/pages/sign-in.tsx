import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type SyntheticEvent } from "react";
import { consoleOf } from "../api/console.ts";
import { Mark } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import { Problem } from "./settings/form.tsx";
import "./pages.css";

interface Props {
  readonly onSignIn: (entered: { project: string; key: string }) => void;
}

/** The ways in: an account, by password or by the provider that the operator chose; or a project's read key, of which nothing is stored. */
export function SignIn({ onSignIn }: Props) {
  const [project, setProject] = useState("");
  const [key, setKey] = useState("");
  const submit = (event: SyntheticEvent) => {
    event.preventDefault();
    if (project.trim() && key.trim()) onSignIn({ project: project.trim(), key: key.trim() });
  };
  return (
    <main className="sign-in">
      <Account />
      <form className="surface" onSubmit={submit}>
        <h2>{t("Open one project with a key")}</h2>
        <p>{t("Enter its id and a key that may read it. Nothing is stored in this browser.")}</p>
        <label className="field">
          {t("Project id")}
          <input value={project} onChange={(e) => setProject(e.target.value)} required autoComplete="off" />
        </label>
        <label className="field">
          {t("Read key")}
          <input
            value={key}
            onChange={(e) => setKey(e.target.value)}
            type="password"
            required
            autoComplete="off"
            spellCheck={false}
          />
        </label>
        <button type="submit" className="button">
          {t("Open dashboard")}
        </button>
      </form>
    </main>
  );
}

interface Ways {
  readonly openid: { readonly name: string } | null;
  readonly hint: string | null;
}

/** The password was right: with a second factor, its code is asked for next. */
interface SignedIn {
  readonly second_factor?: boolean;
}

function Account() {
  const ways = useQuery({
    queryKey: ["ways-in"],
    queryFn: ({ signal }) => consoleOf().get<Ways>("/sign-in", signal),
    staleTime: Infinity,
  });
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [came] = useState(() => new URLSearchParams(location.hash.slice(1)).get("problem"));
  const [code, setCode] = useState("");
  const [isAsked, setIsAsked] = useState(false);
  const signIn = useMutation({
    mutationFn: () => consoleOf().send<SignedIn>("POST", "/sign-in", { email, password, ...(code && { code }) }),
    onSuccess: ({ second_factor: needsCode = false }) => {
      setIsAsked(needsCode);
      // A page of its own: nothing that was asked without the session is left.
      if (!needsCode) location.assign("/");
    },
  });
  return (
    <form
      className="surface"
      onSubmit={(event) => {
        event.preventDefault();
        signIn.mutate();
      }}
    >
      <Mark />
      <h1>{t("Sign in")}</h1>
      {ways.data?.hint && <p>{ways.data.hint}</p>}
      <Problem message={signIn.error?.message ?? came} />
      {ways.data?.openid && (
        <a className="button" href="/console/openid">
          {t("Continue with {name}", { name: ways.data.openid.name })}
        </a>
      )}
      <label className="field">
        {t("E-mail address")}
        <input type="email" value={email} onChange={(e) => setEmail(e.target.value)} required autoComplete="username" />
      </label>
      <label className="field">
        {t("Password")}
        <input
          type="password"
          value={password}
          onChange={(e) => setPassword(e.target.value)}
          required
          autoComplete="current-password"
        />
      </label>
      {isAsked && (
        <label className="field">
          {t("Code of your app, or one for emergencies")}
          <input
            value={code}
            onChange={(e) => setCode(e.target.value)}
            required
            autoFocus
            autoComplete="one-time-code"
            spellCheck={false}
          />
        </label>
      )}
      <button type="submit" className="button primary" disabled={signIn.isPending}>
        {t("Sign in")}
      </button>
    </form>
  );
}
