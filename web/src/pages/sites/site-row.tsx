import type { UseQueryResult } from "@tanstack/react-query";
import type { Access } from "../../api/session.ts";
import { Sparkline } from "../../charts/sparkline.tsx";
import { numberFormat } from "../../format/number.ts";
import { locale, rich, t } from "../../language/words.ts";
import type { SiteFacts } from "../../questions/sites.ts";
import { Link } from "../../shell/link.tsx";
import { changeOf } from "../../state/metrics.ts";
import { DEFAULT_SEARCH } from "../../state/search.ts";

interface Props {
  readonly project: Access;
  readonly query: UseQueryResult<SiteFacts | null>;
}

/** One site: its name leads to its overview. */
export function SiteRow({ project, query }: Props) {
  return (
    <li className="site">
      <Link to="/" search={{ ...DEFAULT_SEARCH, project: project.id }} className="site-name">
        {project.name}
      </Link>
      <Told query={query} />
    </li>
  );
}

function Told({ query: { data, error, refetch } }: Pick<Props, "query">) {
  const numbers = numberFormat(locale);
  if (data === null) return <span className="site-words">{t("Waiting for the first event")}</span>;
  if (data === undefined && error) {
    return (
      <span className="site-words" role="alert">
        {error.message}{" "}
        <button type="button" className="button small" onClick={() => void refetch()}>
          {t("Try again")}
        </button>
      </span>
    );
  }
  if (data === undefined) return <span className="site-words" role="status" aria-label={t("Loading")} />;
  const change = changeOf(data.now, data.before);
  const count = <b>{numbers.count(data.now)}</b>;
  return (
    <>
      {/* The hour that has not ended would draw every line to the floor. */}
      <Sparkline values={[...data.hours.slice(0, -1), null]} />
      <span className="site-count">
        {data.about === "visitors" ? rich("{count} visitors", { count }) : rich("{count} events", { count })}
        {change !== null && (
          <span className="change" title={t("{before} in the 24 hours before", { before: numbers.count(data.before) })}>
            {numbers.change(change)}
          </span>
        )}
      </span>
      <span className="site-live">
        {data.current > 0 && t("{current} online", { current: numbers.count(data.current) })}
      </span>
      <span className={`badge ${data.balanced ? "ok" : "critical"}`}>
        {!data.balanced
          ? t("Two counts do not meet")
          : data.inFlight > 0
            ? t("{inFlight} on their way", { inFlight: numbers.count(data.inFlight) })
            : t("Complete")}
      </span>
    </>
  );
}
