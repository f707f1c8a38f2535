import type { Session } from "../../../api/session.ts";
import { t } from "../../../language/words.ts";
import { SecondFactor } from "./second-factor.tsx";
import { Sessions } from "./sessions.tsx";

/** How somebody signs in, and where they are signed in. */
export function Account({ session }: { readonly session: Session }) {
  return (
    <>
      <h2>{t("Sessions")}</h2>
      <Sessions session={session} />
      <h2>{t("Second factor")}</h2>
      <SecondFactor session={session} />
    </>
  );
}
