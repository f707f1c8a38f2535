const PATTERN = /^\{ (\$\.\w+ = "[^"]*"(?: \|\| \$\.\w+ = "[^"]*")*) \}$/;
const TERM = /\$\.(\w+) = "([^"]*)"/g;

/**
 * CloudWatch's filter pattern for JSON lines, as much of it as is used here: one of several members must be a text. A line that is no JSON
 * matches nothing.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 * @throws Error for a pattern that says anything else
 */
export function logPattern(pattern: string): (line: string) => boolean {
  const [, terms] = PATTERN.exec(pattern) ?? [];
  if (terms === undefined) throw new Error(`The stand-in knows no such filter: ${pattern}`);
  const wanted = [...terms.matchAll(TERM)].map(([, member = "", value]) => ({ member, value }));
  return (line) => {
    if (!line.startsWith("{")) return false;
    try {
      const fields = JSON.parse(line) as Readonly<Record<string, unknown>>;
      return wanted.some(({ member, value }) => fields[member] === value);
    } catch {
      return false;
    }
  };
}
