import type { Project } from "@millrace/access";
import { MillraceError } from "@millrace/core";

/**
 * Where a recording link (`redirect=`) may send a person: http or https, to a host on the project's list. Anything else would make
 * every installation an open redirect for phishing mail.
 * @throws MillraceError `InvalidParameterError`
 */
export function checkRedirect(target: string, project: Project): string {
  const url = URL.parse(target);
  const web = url?.protocol === "https:" || url?.protocol === "http:";
  if (url && web && project.redirectHosts.includes(url.hostname)) return url.href;
  throw new MillraceError("InvalidParameterError", "redirect must be a URL whose host is on the project's list.");
}
