import { useQuery } from "@tanstack/react-query";
import { t } from "../language/words.ts";
import { liveVisitors } from "../questions/live.ts";
import { usePage } from "../state/page.tsx";

/** People on the site in the last five minutes. */
export function LiveCount() {
  const { access, collections, numbers } = usePage();
  const live = useQuery(liveVisitors(access, collections));
  if (live.data === undefined) return null;
  return (
    <p className="live" title={t("Visitors in the last 5 minutes, bots left out")}>
      <span className={live.data > 0 && !live.isError ? "pulse" : "pulse still"} aria-hidden="true" />
      <b>{numbers.count(live.data)}</b> <span className="live-words">{t("online now")}</span>
    </p>
  );
}
