import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Session } from "../../api/session.ts";
import { Tabs } from "../../design/segmented.tsx";
import { t } from "../../language/words.ts";
import { session } from "../../questions/project.ts";
import { NavigationButton } from "../../shell/navigation.tsx";
import type { PartProps } from "./part.ts";
import { Account } from "./account/account.tsx";
import { AuditLog } from "./audit-log.tsx";
import { Embeds } from "./embeds/embeds.tsx";
import { Keys } from "./keys.tsx";
import { Organisation } from "./organisation/organisation.tsx";
import { People } from "./people.tsx";
import { ProjectSettings } from "./project-settings.tsx";
import { ShareLinks } from "./share-links.tsx";
import "./settings.css";

const TABS = [
  { value: "project", label: t("Project") },
  { value: "keys", label: t("Keys") },
  { value: "people", label: t("People") },
  { value: "links", label: t("Share links") },
  { value: "embeds", label: t("Embeds") },
  { value: "audit", label: t("Audit log") },
  { value: "organisation", label: t("Organisation") },
  { value: "account", label: t("Your account") },
] as const;
type Tab = (typeof TABS)[number]["value"];

/** Who may do what, and the project it is about. */
export function Settings() {
  const known = useQuery(session());
  if (known.isPending) return <p className="page-message" role="status" aria-label={t("Loading")} />;
  if (!known.data) {
    return (
      <main className="page-message">
        <p>
          {t("Nobody is signed in.")} <a href="/">{t("Sign in")}</a>
        </p>
      </main>
    );
  }
  return <Signed session={known.data} />;
}

function Signed({ session: given }: { readonly session: Session }) {
  const owned = given.projects.filter(({ role }) => role === "owner");
  const [id, setId] = useState(owned[0]?.id);
  const project = owned.find((each) => each.id === id) ?? owned[0];
  const [tab, setTab] = useState<Tab>(project ? "project" : "account");
  return (
    <main className={`settings ${tab === "embeds" ? "wide" : ""}`}>
      <header>
        <NavigationButton />
        <h1>{t("Settings")}</h1>
        {owned.length > 1 && (
          <label>
            <span className="visually-hidden">{t("Project")}</span>
            <select className="button" value={project?.id} onChange={(event) => setId(event.target.value)}>
              {owned.map((each) => (
                <option key={each.id} value={each.id}>
                  {each.name}
                  {each.archived ? ` ${t("(archived)")}` : ""}
                </option>
              ))}
            </select>
          </label>
        )}
        <span className="settings-who">{given.person.email}</span>
      </header>
      <Tabs
        label={t("Settings")}
        options={TABS.filter(({ value }) =>
          value === "account" ? true : value === "organisation" ? given.person.owner : project !== undefined,
        )}
        value={tab}
        onChange={setTab}
      />
      <section className="surface" role="tabpanel" aria-label={TABS.find(({ value }) => value === tab)?.label}>
        {project && <OfProject key={project.id} tab={tab} session={given} project={project} />}
        {tab === "organisation" && <Organisation session={given} />}
        {tab === "account" && <Account session={given} />}
      </section>
    </main>
  );
}

function OfProject({ tab, ...part }: PartProps & { readonly tab: Tab }) {
  if (tab === "project") return <ProjectSettings {...part} />;
  if (tab === "keys") return <Keys {...part} />;
  if (tab === "people") return <People {...part} />;
  if (tab === "links") return <ShareLinks {...part} />;
  if (tab === "embeds") return <Embeds {...part} />;
  if (tab === "audit") return <AuditLog {...part} />;
  return null;
}
