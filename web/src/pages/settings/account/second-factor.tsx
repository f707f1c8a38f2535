import { useState, type ReactNode } from "react";
import type { Session } from "../../../api/session.ts";
import { CopyCode } from "../../../design/copy.tsx";
import { plural, t } from "../../../language/words.ts";
import { Problem } from "../form.tsx";
import { useAsked, useChange } from "../use-console.ts";
import { QrCode } from "./qr-code.tsx";
import type { ToldSessions } from "./sessions.tsx";

interface Told {
  readonly on: boolean;
  readonly emergency_codes_left: number;
}

interface Begun {
  readonly secret: string;
  readonly uri: string;
}

/** Codes of an app, asked for after the password. */
export function SecondFactor({ session }: { readonly session: Session }) {
  const told = useAsked<Told>(session, "/second-factor");
  const begin = useChange<Begun>(session);
  const confirm = useChange<{ readonly emergency_codes: readonly string[] }>(session);
  const end = useChange(session);
  const error = told.error ?? begin.error ?? confirm.error ?? end.error;
  const codes = confirm.data?.emergency_codes;
  if (!told.data) return <Problem message={error?.message} />;
  const restart = () => {
    begin.reset();
    confirm.reset();
  };
  return (
    <>
      <Problem message={error?.message} />
      {codes ? (
        <EmergencyCodes codes={codes} onKept={restart} />
      ) : begin.data ? (
        <Confirm
          begun={begin.data}
          isPending={confirm.isPending}
          onCode={(code) => confirm.mutate({ method: "PUT", path: "/second-factor", body: { code } })}
          onCancel={restart}
        />
      ) : told.data.on ? (
        <WithPassword
          session={session}
          action={t("Turn off")}
          onPassword={(password) => end.mutate({ method: "DELETE", path: "/second-factor", body: { password } })}
        >
          {t("On: whoever signs in with your password is asked for a code of your app.")}{" "}
          {plural(
            told.data.emergency_codes_left,
            "{n} code for emergencies is left.",
            "{n} codes for emergencies are left.",
          )}
        </WithPassword>
      ) : (
        <WithPassword
          session={session}
          action={t("Turn on")}
          onPassword={(password) => begin.mutate({ method: "POST", path: "/second-factor", body: { password } })}
        >
          {t("Off: your password alone signs you in. With it on, a code of an app on your phone is asked for, too.")}
        </WithPassword>
      )}
    </>
  );
}

interface WithPasswordProps {
  readonly session: Session;
  readonly action: string;
  readonly onPassword: (password: string) => void;
  readonly children: ReactNode;
}

/** What opens the account is changed with the password, by who came with one. */
function WithPassword({ session, action, onPassword, children }: WithPasswordProps) {
  const sessions = useAsked<ToldSessions>(session, "/sessions");
  const [password, setPassword] = useState("");
  const isAsked = sessions.data?.sessions.find(({ current }) => current)?.method === "password";
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        onPassword(password);
        setPassword("");
      }}
    >
      <p>{children}</p>
      <div className="settings-row">
        {isAsked && (
          <label className="field">
            {t("Password")}
            <input
              type="password"
              required
              autoComplete="current-password"
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </label>
        )}
        <button type="submit" className="button" disabled={!sessions.data}>
          {action}
        </button>
      </div>
    </form>
  );
}

interface ConfirmProps {
  readonly begun: Begun;
  readonly isPending: boolean;
  readonly onCode: (code: string) => void;
  readonly onCancel: () => void;
}

function Confirm({ begun, isPending, onCode, onCancel }: ConfirmProps) {
  const [code, setCode] = useState("");
  return (
    <form
      className="settings-form"
      onSubmit={(event) => {
        event.preventDefault();
        onCode(code);
      }}
    >
      <p>{t("Scan this with an app for codes, or type the secret into it. Then enter the code that it shows.")}</p>
      <QrCode text={begun.uri} label={t("Picture of the secret for your app")} />
      <CopyCode code={begun.secret} label={t("Secret")} />
      <div className="settings-row">
        <label className="field">
          {t("Code")}
          <input
            required
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </label>
        <button type="submit" className="button primary" disabled={isPending}>
          {t("Confirm")}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {t("Cancel")}
        </button>
      </div>
    </form>
  );
}

function EmergencyCodes({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => void }) {
  return (
    <>
      <p role="status">
        {t(
          "The second factor is on. Keep these codes where your phone is not: each opens once. They are shown this once.",
        )}
      </p>
      <CopyCode code={codes.join("\n")} label={t("Codes for emergencies")} />
      <div className="settings-actions">
        <button type="button" className="button primary" onClick={onKept}>
          {t("I have kept them")}
        </button>
      </div>
    </>
  );
}
