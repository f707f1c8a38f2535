import { maySend } from "../api/session.ts";
import { t } from "../language/words.ts";
import { Link } from "../shell/link.tsx";
import { isOneNumber } from "../state/metrics.ts";
import { usePage } from "../state/page.tsx";
import { keptBetweenPages } from "../state/search.ts";

/** Leads to where what the page shows is sent on a schedule, and the number that is drawn is watched. */
export function SendButtons() {
  const { access, ask, metric } = usePage();
  if (!maySend(access)) return null;
  return (
    <>
      <Link className="button small" to="/reports" search={(search) => ({ ...keptBetweenPages(search), make: "view" })}>
        {t("Subscribe")}
      </Link>
      {isOneNumber(metric.id) && (
        <Link
          className="button small"
          to="/reports"
          search={(search) => ({ ...keptBetweenPages(search), make: "watch", metric: metric.id, number: ask.number })}
        >
          {t("Watch")}
        </Link>
      )}
    </>
  );
}
