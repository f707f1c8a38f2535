/**
 * Guesses the site's own host from a log that does not name it: the host that most often refers to the site from a path that
 * the site itself serves. Needed so that clicks inside the site do not count as referrals.
 */
export class HostGuess {
  #referrers = new Map<string, number>();
  #paths = new Set<string>();

  add(target: string, referrer: string | undefined): void {
    this.#paths.add(pathOf(target));
    if (referrer === undefined) return;
    const url = URL.parse(referrer);
    if (!url || url.pathname === "/") return;
    const key = `${url.host.replace(/^www\./, "")} ${url.pathname}`;
    this.#referrers.set(key, (this.#referrers.get(key) ?? 0) + 1);
  }

  /** Undefined when no referrer's path is one of the site's. */
  best(): string | undefined {
    const votes = new Map<string, number>();
    for (const [key, count] of this.#referrers) {
      const [host = "", path = ""] = key.split(" ");
      if (this.#paths.has(path)) votes.set(host, (votes.get(host) ?? 0) + count);
    }
    return [...votes].sort(([, a], [, b]) => b - a)[0]?.[0];
  }
}

function pathOf(target: string): string {
  return target.split(/[?#]/, 1)[0] ?? "";
}
