import type { Session } from "../../../api/session.ts";
import { t } from "../../../language/words.ts";
import { PeopleIn } from "../people.tsx";
import { OrganisationKeys } from "./organisation-keys.tsx";
import { Projects } from "./projects.tsx";

/** What is about all projects: which there are, who has a role in every one, and the keys that make new ones. */
export function Organisation({ session }: { readonly session: Session }) {
  return (
    <>
      <h2>{t("Projects")}</h2>
      <Projects session={session} />
      <h2>{t("People of all projects")}</h2>
      <p>
        {t(
          "A role here holds in every project that there is and will be. Who has one in a single project stands there too.",
        )}
      </p>
      <PeopleIn session={session} path="" />
      <h2>{t("Organisation keys")}</h2>
      <OrganisationKeys session={session} />
    </>
  );
}
