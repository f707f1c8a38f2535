import { useQuery } from "@tanstack/react-query";
import { Icon } from "../design/icon.tsx";
import { clockText } from "../format/date.ts";
import { versionOf } from "../questions/version.ts";
import { usePage } from "../state/page.tsx";

/** One word about a server that does not answer, instead of one in each panel. It goes away by itself. */
export function Outage() {
  const { access, locale } = usePage();
  const beat = useQuery(versionOf(access));
  if (!beat.isError) return null;
  const since = beat.dataUpdatedAt > 0 ? ` since ${clockText(locale, access.timezone, beat.dataUpdatedAt)}` : "";
  return (
    <p className="notice outage" role="alert">
      <Icon name="warn" />
      <span className="fill">
        <b>The server cannot be reached{since}.</b> What stands here was true before that. It is asked again every few
        seconds.
      </span>
      <button type="button" className="button small" onClick={() => void beat.refetch()}>
        <Icon name="refresh" /> Try now
      </button>
    </p>
  );
}
