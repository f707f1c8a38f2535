/**
 * What log shippers put before a line, or around it: syslog (RFC 3164 and 5424), container runtimes (CRI, Docker's JSON files,
 * `docker compose logs`). Taken off, because its first word would be taken for the visitor's address.
 */
const PREFIXES: readonly RegExp[] = [
  /^(?:<\d{1,3}>)?[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S+ [^\s:[]+(?:\[\d+\])?: /,
  /^<\d{1,3}>1 \S+ \S+ \S+ \S+ \S+ (?:-|(?:\[[^\]]*\])+) (?:\uFEFF)?/,
  /^\d{4}-\d\d-\d\dT\S+ std(?:out|err) [FP] /,
  /^[\w.-]+ +\| /,
];

/** The server's own line, without what carried it. */
export function unwrap(line: string): string {
  const docker = line.startsWith('{"log":') ? dockerLine(line) : undefined;
  if (docker !== undefined) return unwrap(docker);
  for (const prefix of PREFIXES) {
    const [found] = prefix.exec(line) ?? [];
    if (found !== undefined) return line.slice(found.length);
  }
  return line;
}

function dockerLine(line: string): string | undefined {
  try {
    const { log } = JSON.parse(line) as { log?: unknown };
    return typeof log === "string" ? log.trimEnd() : undefined;
  } catch {
    return undefined;
  }
}
