import { sourceOfHost } from "@millrace/core";

/** So many different pages must be seen to lead to others before a host is believed to be the site's own. */
const FEWEST_REFERRALS = 2;

/**
 * Guesses the site's own host from a log that does not name it: the host that most often refers to the site from a path that
 * the site itself serves. Needed so that clicks inside the site do not count as referrals. A wrong guess makes all visits from
 * that host visits without a source, so one coincidence is not enough (many sites have a `/search`): the host must be none of
 * the sites that are known to send visitors, must refer more than once, and must have more than half of all such referrals.
 */
export class HostGuess {
  #referrers = new Map<string, number>();
  #paths = new Set<string>();

  add(target: string, referrer: string | undefined): void {
    this.#paths.add(pathOf(target));
    if (referrer === undefined) return;
    const url = URL.parse(referrer);
    if (!url || url.pathname === "/" || sourceOfHost(url.hostname) !== undefined) return;
    const key = `${url.host.replace(/^www\./, "")} ${url.pathname}`;
    this.#referrers.set(key, (this.#referrers.get(key) ?? 0) + 1);
  }

  /** Undefined when no host stands out. */
  best(): string | undefined {
    const votes = new Map<string, number>();
    let all = 0;
    for (const [key, count] of this.#referrers) {
      const [host = "", path = ""] = key.split(" ");
      if (!this.#paths.has(path)) continue;
      votes.set(host, (votes.get(host) ?? 0) + count);
      all += count;
    }
    const [host, count = 0] = [...votes].toSorted(([, a], [, b]) => b - a)[0] ?? [];
    return count >= FEWEST_REFERRALS && count * 2 > all ? host : undefined;
  }
}

function pathOf(target: string): string {
  return target.split(/[?#]/, 1)[0] ?? "";
}
