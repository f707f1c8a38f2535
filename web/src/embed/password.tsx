import { MillraceClientError } from "@millrace/client";
import { useState } from "react";
import { fetchJson } from "../api/fetch-json.ts";
import { t } from "../language/words.ts";
import type { Start } from "./start.ts";

/** True for the refusal of a share link whose password is to be entered. */
export function asksForPassword(error: Error | null): boolean {
  return error instanceof MillraceClientError && error.code === "PasswordRequired";
}

interface Props {
  readonly start: Start;
  /** Told of the key that the password was exchanged for. It stays in this page's memory. */
  readonly onOpen: (key: string) => void;
}

/** Asks for the password of a share link. */
export function Password({ start, onOpen }: Props) {
  const [password, setPassword] = useState("");
  const [state, setState] = useState<"idle" | "busy" | Error>("idle");
  const open = async (): Promise<void> => {
    setState("busy");
    // A pass that is over stands behind the link.
    const [link] = start.token.split(".");
    try {
      const url = `/3.0/projects/${start.project}/share-links/open`;
      const { key } = await fetchJson<{ key: string }>(url, { method: "POST", headers: {}, body: { link, password } });
      onOpen(key);
    } catch (thrown) {
      setState(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  };
  return (
    <main className="sign-in">
      <form
        className="surface"
        onSubmit={(event) => {
          event.preventDefault();
          void open();
        }}
      >
        <h1>{t("This link asks for a password")}</h1>
        <p>{t("Whoever gave you the link has it.")}</p>
        {state instanceof Error && (
          <p className="problem" role="alert">
            {state.message}
          </p>
        )}
        <label className="field">
          {t("Password")}
          <input
            type="password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            required
            autoFocus
            autoComplete="off"
          />
        </label>
        <button type="submit" className="button primary" disabled={state === "busy"}>
          {t("Open")}
        </button>
      </form>
    </main>
  );
}
