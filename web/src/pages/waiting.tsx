import type { Access } from "../api/session.ts";
import { CopyCode } from "../design/copy.tsx";
import { Mark } from "../design/icon.tsx";
import { t } from "../language/words.ts";
import { NavigationButton } from "../shell/navigation.tsx";
import "./pages.css";

/** A project without events: how to send the first one, and a light that goes on when it comes (asked every two seconds). */
export function Waiting({ access }: { readonly access: Access }) {
  const key = access.writeKey ?? "WRITE_KEY";
  const script = `<script defer src="${location.origin}/t.js" data-key="${key}"></script>`;
  const curl = [
    `curl ${location.origin}/3.0/projects/${access.id}/events/hello \\`,
    `  -H 'Authorization: ${key}' -H 'Content-Type: application/json' \\`,
    `  -d '{"from":"curl"}'`,
  ].join("\n");
  return (
    <main className="waiting">
      <section className="surface">
        <div className="waiting-head">
          <NavigationButton />
          <Mark />
        </div>
        <h1>{access.name}</h1>
        <p className="waiting-light" role="status">
          <span className="pulse" aria-hidden="true" />
          {t("Waiting for the first event. This page changes by itself when it arrives.")}
        </p>
        <ol>
          <li>
            <h2>{t("From a website")}</h2>
            <p>{t("Put this tag into the head of your pages, then open one of them.")}</p>
            <CopyCode code={script} label={t("Script tag")} />
          </li>
          <li>
            <h2>{t("From a terminal")}</h2>
            <p>{t("Or send an event of your own.")}</p>
            <CopyCode code={curl} label={t("curl command")} />
          </li>
          {!access.writeKey && <li className="hint">{t("Replace WRITE_KEY by the project’s write key.")}</li>}
        </ol>
      </section>
    </main>
  );
}
