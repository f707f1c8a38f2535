import { useQuery } from "@tanstack/react-query";
import { Icon } from "../design/icon.tsx";
import { clockText } from "../format/date.ts";
import { t } from "../language/words.ts";
import { versionOf } from "../questions/version.ts";
import { usePage } from "../state/page.tsx";

/** One word about a server that does not answer, instead of one in each panel. It goes away by itself. */
export function Outage() {
  const { access, locale } = usePage();
  const beat = useQuery(versionOf(access));
  if (!beat.isError) return null;
  const last = beat.dataUpdatedAt;
  const time = clockText(locale, access.timezone, last);
  return (
    <p className="notice outage" role="alert">
      <Icon name="warn" />
      <span className="fill">
        <b>
          {last > 0 ? t("The server cannot be reached since {time}.", { time }) : t("The server cannot be reached.")}
        </b>{" "}
        {t("What stands here was true before that. It is asked again every few seconds.")}
      </span>
      <button type="button" className="button small" onClick={() => void beat.refetch()}>
        <Icon name="refresh" /> {t("Try now")}
      </button>
    </p>
  );
}
