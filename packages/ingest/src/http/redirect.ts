import type { Project } from "@millrace/access";
import { MillraceError } from "@millrace/core";

/**
 * Where a recording link (`redirect=`) may send a person: http or https, to a host on the project's list. Anything else would make
 * every installation an open redirect for phishing mail.
 * @returns undefined for a place it may not lead to
 */
export function redirectTarget(target: string, project: Project): string | undefined {
  const url = URL.parse(target);
  const web = url?.protocol === "https:" || url?.protocol === "http:";
  return url && web && project.redirectHosts.includes(url.hostname) ? url.href : undefined;
}

export function badRedirect(): MillraceError {
  return new MillraceError(
    "InvalidParameterError",
    "The event is recorded, but redirect must be a URL whose host is on the project's list.",
  );
}
